-- Which databases pay for extended support of an old engine? One row for each, with what it is charged as
-- now.
select
    resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    max(tags) as tags,
    arg_max(sku_meter, last_charge) as sku_meter,
    max(pricing_unit) as pricing_unit,
    max(last_charge) as last_charge,
    sum(quantity) as quantity,
    sum(cost) as cost,
    sum(monthly_cost) as monthly_cost
from used
where service_code = 'AmazonRDS' and regexp_matches(sku_meter, '(^|-)ExtendedSupport:')
group by resource_id, sub_account_id, region_id, billing_currency
having sum(monthly_cost) > 0
order by monthly_cost desc, resource_id
