-- Which gp2 volumes are there, and of what size? One row for each volume.
select
    resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    service_code,
    sku_meter,
    max(pricing_unit) as pricing_unit,
    max(tags) as tags,
    sum(quantity) as quantity,
    max(last_charge) as last_charge,
    sum(cost) as cost,
    sum(monthly_quantity) as size_gb,
    sum(monthly_cost) as monthly_cost
from used
where regexp_matches(sku_meter, '(^|-)EBS:VolumeUsage\.gp2$') and resource_id is not null
group by resource_id, sub_account_id, region_id, billing_currency, service_code, sku_meter
having sum(monthly_cost) > 0
order by monthly_cost desc, resource_id
