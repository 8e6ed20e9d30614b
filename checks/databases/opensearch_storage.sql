-- Which search domains keep their data on gp2? One row for each, with its size.
select
    resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    service_code,
    max(sku_meter) as sku_meter,
    max(pricing_unit) as pricing_unit,
    max(tags) as tags,
    max(last_charge) as last_charge,
    sum(quantity) as quantity,
    sum(monthly_quantity) as size_gb,
    sum(cost) as cost,
    sum(monthly_cost) as monthly_cost
from used
where
    service_code = 'AmazonES'
    and regexp_matches(sku_meter, '(^|-)ES:GP2-Storage$')
    and resource_id is not null
group by resource_id, sub_account_id, region_id, billing_currency, service_code
having sum(monthly_cost) > 0
order by monthly_cost desc, resource_id
