-- What changed in a month that was closed when it was last published: both totals, by service and account.
-- A month keeps the totals it was first closed with, however often it is restated.
with
    closed as (
        select p.billing_account_id, p.billing_period_start, d.export
        from previous.delivery_periods as p
        join
            previous.serving as s
            on s.x_delivery = p.x_delivery
            and s.billing_period_start = p.billing_period_start
            and s.billing_account_id is not distinct from p.billing_account_id
        join previous.delivery as d on d.x_delivery = p.x_delivery
        group by p.billing_account_id, p.billing_period_start, d.export
        having sum(p.uninvoiced) = 0 and sum(p.invoiced) > 0
    ),
    earlier as (
        select
            c.billing_account_id,
            c.billing_period_start,
            c.service_name,
            c.sub_account_id,
            c.billing_currency,
            sum(c.billed_cost) as billed_before,
            sum(c.effective_cost) as effective_before
        from previous.charges_daily as c
        join
            closed as k
            on k.billing_period_start = c.billing_period_start
            and k.billing_account_id is not distinct from c.billing_account_id
        where
            not exists (
                select 1
                from previous.restatements as r
                where
                    r.billing_period_start = c.billing_period_start
                    and r.billing_account_id is not distinct from c.billing_account_id
            )
        group by
            c.billing_account_id, c.billing_period_start, c.service_name, c.sub_account_id, c.billing_currency
        union all
        select
            billing_account_id,
            billing_period_start,
            service_name,
            sub_account_id,
            billing_currency,
            billed_before,
            effective_before
        from previous.restatements
    ),
    now as (
        select
            c.billing_account_id,
            c.billing_period_start,
            c.service_name,
            c.sub_account_id,
            c.billing_currency,
            sum(c.billed_cost) as billed_after,
            sum(c.effective_cost) as effective_after
        from charges_daily as c
        join
            (select distinct billing_account_id, billing_period_start from earlier) as e
            on e.billing_period_start = c.billing_period_start
            and e.billing_account_id is not distinct from c.billing_account_id
        group by
            c.billing_account_id, c.billing_period_start, c.service_name, c.sub_account_id, c.billing_currency
    ),
    both_sides as (
        select
            coalesce(e.billing_account_id, n.billing_account_id) as billing_account_id,
            coalesce(e.billing_period_start, n.billing_period_start) as billing_period_start,
            coalesce(e.service_name, n.service_name) as service_name,
            coalesce(e.sub_account_id, n.sub_account_id) as sub_account_id,
            coalesce(e.billing_currency, n.billing_currency) as billing_currency,
            coalesce(e.billed_before, 0) as billed_before,
            coalesce(n.billed_after, 0) as billed_after,
            coalesce(e.effective_before, 0) as effective_before,
            coalesce(n.effective_after, 0) as effective_after
        from earlier as e
        full join
            now as n
            on n.billing_period_start = e.billing_period_start
            and n.billing_account_id is not distinct from e.billing_account_id
            and n.service_name is not distinct from e.service_name
            and n.sub_account_id is not distinct from e.sub_account_id
            and n.billing_currency is not distinct from e.billing_currency
    )
select *
from both_sides as b
where
    exists (
        select 1
        from both_sides as d
        where
            d.billing_period_start = b.billing_period_start
            and d.billing_account_id is not distinct from b.billing_account_id
            and (d.billed_before <> d.billed_after or d.effective_before <> d.effective_after)
    )
    and exists (
        select 1
        from charges_daily as c
        where
            c.billing_period_start = b.billing_period_start
            and c.billing_account_id is not distinct from b.billing_account_id
    )
