-- Which instances on demand have a licence of Windows or SQL Server in their price? One row for each.
select
    resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    operation,
    max(sku_meter) as sku_meter,
    max(tags) as tags,
    max(pricing_unit) as pricing_unit,
    sum(quantity) as quantity,
    max(last_charge) as last_charge,
    sum(cost) as cost,
    sum(monthly_cost) as monthly_cost
from used
where
    regexp_matches(sku_meter, '(^|-)BoxUsage:.+')
    and regexp_matches(operation, '^RunInstances:(0002|0006|0102|0202|0004|0100|0200)$')
    and resource_id is not null
    and not committed
group by resource_id, sub_account_id, region_id, billing_currency, operation
having sum(monthly_cost) >= $least_cost
order by monthly_cost desc, resource_id
