-- Which instances ran nearly every hour? One row for each, whatever paid for it; who is told to be production
-- is for the check to say.
select
    resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    max(sku_meter) as sku_meter,
    max(pool) as pool,
    max(tags) as tags,
    max(pricing_unit) as pricing_unit,
    sum(quantity) as quantity,
    max(last_charge) as last_charge,
    sum(cost) as cost,
    sum(monthly_cost) as monthly_cost,
    coalesce(sum(monthly_cost) filter (where committed), 0) as committed_cost
from used
where regexp_matches(sku_meter, '(^|-)(BoxUsage|SpotUsage|DedicatedUsage)(:|$)') and resource_id is not null
group by resource_id, sub_account_id, region_id, billing_currency
having sum(quantity) >= $least_share * $days * 24 and sum(monthly_cost) > 0
order by monthly_cost desc, resource_id
