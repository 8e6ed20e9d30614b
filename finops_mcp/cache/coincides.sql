-- What begins or ends between two spans: the commitments, and of the resources, meters and kinds of charge
-- the
-- dearest few, each with how many there are and what all of them cost.
with
    costs as (
        select
            billing_currency,
            resource_id,
            charge_type,
            in_meter,
            in_service,
            in_commitment,
            sum(columns([$metric])) filter (where in_period) as cost,
            sum(columns([$metric])) filter (where not in_period) as cost_before,
            bool_or(in_period) as known_after,
            bool_or(not in_period) as known_before,
        from selection
        where $scope = 'bill' or in_category not in ('Tax', 'Credit')
        group by all
    ),
    resources as (
        select
            resource_id,
            min(first_charge_period_start) as first_seen,
            max(last_charge_period_start) as last_seen,
        from resources_monthly
        where resource_id is not null
        group by resource_id
    ),
    meters as (
        select sku_meter, min(charge_date) as first_seen
        from charges_daily
        where sku_meter is not null
        group by sku_meter
    ),
    commitments as (
        select
            commitment_discount_id as name,
            max(commitment_discount_type) as kind,
            -- a plan is charged every day of its life; a reservation that stands idle only in its month's fee
            bool_or(commitment_discount_category = 'Spend') as daily,
            min(charge_date) as first_seen,
            max(charge_date) as last_seen,
        from charges_daily
        where commitment_discount_id in (select in_commitment from costs)
        group by all
    ),
    events as (
        select
            1 as place,
            name,
            'ended' as word,
            kind as of_what,
            last_seen as day,
            null as currency,
            null as cost
        from commitments
        where last_seen >= $before_start and last_seen < if(daily, $last_day, $after_start)
        union all
        select 2, name, 'began', kind, first_seen, null, null
        from commitments
        where first_seen between $after_start and $last_day
        union all
        select 3, resource_id, 'first seen', in_service, null, billing_currency, sum(cost)
        from costs
        join resources using (resource_id)
        where first_seen >= $after_start and known_after and resource_id is distinct from in_commitment
        group by all
        union all
        select 4, resource_id, 'last seen', in_service, null, billing_currency, sum(cost_before)
        from costs
        join resources using (resource_id)
        where last_seen < $after_start and known_before and resource_id is distinct from in_commitment
        group by all
        union all
        select 5, in_meter, 'first seen', in_service, null, billing_currency, sum(cost)
        from costs
        join meters on in_meter = sku_meter
        where first_seen >= $after_start and known_after
        group by all
        union all
        select 6, charge_type, 'first seen', null, null, billing_currency, sum(cost)
        from costs
        group by charge_type, billing_currency
        having not bool_or(coalesce(known_before, false))
    )
select place, name, of_what, day, currency, cost, count(*) over alike as many, sum(cost) over alike as total,
from events
window alike as (partition by place, currency)
qualify
    place <= 2
    or row_number() over (partition by place, currency order by abs(cost) desc nulls last, name, of_what) <= 3
order by place, currency, abs(cost) desc nulls last, name, of_what
