-- Exports that deliver the same month of a payer: how far their billed and effective totals are apart.
with
    told as (
        select
            p.x_delivery,
            p.billing_period_start,
            p.billing_account_id,
            p.billing_currency,
            p.billed_cost,
            p.effective_cost,
            s.x_delivery is not null as serves
        from delivery_periods as p
        left join
            serving as s
            on s.x_delivery = p.x_delivery
            and s.billing_period_start = p.billing_period_start
            and s.billing_account_id is not distinct from p.billing_account_id
    )
select
    o.x_delivery,
    'overlapping exports tell the same' as name,
    o.billing_period_start,
    o.billing_account_id,
    abs(o.billed_cost - t.billed_cost) + abs(o.effective_cost - t.effective_cost) as off_by,
    cast(0.01 as decimal(38, 12)) as tolerance
from told as o
join
    told as t
    on t.billing_period_start = o.billing_period_start
    and t.billing_account_id is not distinct from o.billing_account_id
    and t.billing_currency is not distinct from o.billing_currency
    and t.serves
where not o.serves
