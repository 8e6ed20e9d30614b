-- Which caches, search domains and document databases pay for extended support? One row for each.
select
    resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    service_code,
    max(service_name) as service_name,
    max(tags) as tags,
    arg_max(sku_meter, last_charge) as sku_meter,
    max(pricing_unit) as pricing_unit,
    max(last_charge) as last_charge,
    sum(quantity) as quantity,
    sum(cost) as cost,
    sum(monthly_cost) as monthly_cost
from used
where service_code in ('AmazonElastiCache', 'AmazonES', 'AmazonDocDB') and sku_meter ilike '%ExtendedSupport%'
group by resource_id, sub_account_id, region_id, billing_currency, service_code
having sum(monthly_cost) > 0
order by monthly_cost desc, resource_id
