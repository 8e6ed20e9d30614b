-- Which io1 and io2 volumes are there, with how many IOPS? One row for each volume, its size beside its IOPS.
select
    resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    service_code,
    max(sku_meter) filter (where not is_iops) as sku_meter,
    max(pricing_unit) filter (where not is_iops) as pricing_unit,
    max(tags) as tags,
    max(last_charge) as last_charge,
    sum(quantity) filter (where not is_iops) as quantity,
    sum(cost) as cost,
    sum(monthly_quantity) filter (where not is_iops) as size_gb,
    coalesce(sum(monthly_quantity) filter (where is_iops), 0) as iops,
    sum(monthly_cost) as monthly_cost
from
    (
        select *, contains(sku_meter, 'EBS:VolumeP-IOPS.') as is_iops
        from used
        where
            regexp_matches(sku_meter, '(^|-)EBS:(VolumeUsage|VolumeP-IOPS)\.(piops|io2)(\.tier[0-9])?$')
            and resource_id is not null
    )
group by resource_id, sub_account_id, region_id, billing_currency, service_code
having sum(monthly_quantity) filter (where not is_iops) > 0 and sum(monthly_cost) > 0
order by monthly_cost desc, resource_id
