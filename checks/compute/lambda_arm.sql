-- Which Lambda functions run on x86? One row for each, with the GB-seconds that were paid for.
select
    resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    service_code,
    sku_meter,
    max(pool) as pool,
    max(tags) as tags,
    max(pricing_unit) as pricing_unit,
    sum(quantity) as quantity,
    max(last_charge) as last_charge,
    sum(cost) as cost,
    sum(monthly_quantity) as monthly_quantity,
    sum(monthly_cost) as monthly_cost,
    coalesce(sum(monthly_cost) filter (where committed), 0) as committed_cost
from used
where regexp_matches(sku_meter, '(^|-)Lambda-GB-Second$')
group by resource_id, sub_account_id, region_id, billing_currency, service_code, sku_meter
having sum(monthly_cost) >= $least_cost
order by monthly_cost desc, resource_id
