-- Which EFS file systems keep nearly all of it in a Standard class? One row for each file system and kind of
-- it, regional or One Zone, with what it has in infrequent access and in the archive.
select
    resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    service_code,
    max(sku_meter) filter (where is_standard) as sku_meter,
    max(pricing_unit) filter (where is_standard) as pricing_unit,
    max(tags) as tags,
    max(last_charge) filter (where is_standard) as last_charge,
    sum(quantity) filter (where is_standard) as quantity,
    sum(cost) filter (where is_standard) as cost,
    sum(monthly_quantity) filter (where is_standard) as size_gb,
    coalesce(sum(monthly_quantity) filter (where not is_standard), 0) as cold_gb,
    sum(monthly_cost) filter (where is_standard) as monthly_cost
from
    (
        select
            *,
            regexp_matches(sku_meter, '(^|-)TimedStorage-(Z-)?ByteHrs$') as is_standard,
            contains(sku_meter, 'Storage-Z-') as is_one_zone
        from used
        where
            service_code = 'AmazonEFS'
            and regexp_matches(sku_meter, '(^|-)(IA|Archive)?TimedStorage-(Z-)?ByteHrs$')
    )
group by resource_id, sub_account_id, region_id, billing_currency, service_code, is_one_zone
having
    sum(monthly_quantity) filter (where is_standard) >= $least_gb
    and sum(monthly_cost) filter (where is_standard) > 0
    and coalesce(sum(monthly_quantity) filter (where not is_standard), 0)
    <= $most_cold_share * sum(monthly_quantity)
order by monthly_cost desc, resource_id
