-- How much of the concurrency that Lambda keeps ready was used? One row for each function: GB-seconds kept
-- ready beside those that ran in them; a function that never ran has no row of the latter.
select
    resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    max(sku_meter) filter (where ready) as sku_meter,
    max(pool) as pool,
    max(tags) as tags,
    max(pricing_unit) filter (where ready) as pricing_unit,
    sum(quantity) filter (where ready) as quantity,
    coalesce(sum(quantity) filter (where not ready), 0) as ran,
    max(last_charge) filter (where ready) as last_charge,
    sum(cost) filter (where ready) as cost,
    sum(monthly_cost) filter (where ready) as monthly_cost,
    coalesce(sum(monthly_cost) filter (where ready and committed), 0) as committed_cost
from
    (
        select *, regexp_matches(sku_meter, '(^|-)Lambda-Provisioned-Concurrency(-ARM)?$') as ready
        from used
        where
            regexp_matches(sku_meter, '(^|-)Lambda-Provisioned-(Concurrency|GB-Second)(-ARM)?$')
            and resource_id is not null
    )
group by resource_id, sub_account_id, region_id, billing_currency
having
    sum(monthly_cost) filter (where ready) > 0
    and coalesce(sum(quantity) filter (where not ready), 0) < $most_used * sum(quantity) filter (where ready)
order by monthly_cost desc, resource_id
