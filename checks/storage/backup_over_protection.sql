-- Where does AWS Backup keep much in warm storage, or copy it to other regions? One row for each account,
-- region and kind of resource, with what it copies across regions beside what it stores.
select
    sub_account_id,
    region_id,
    billing_currency,
    service_code,
    regexp_extract(sku_meter, '(WarmStorage-ByteHrs|CrossRegion-WarmBytes)-(.+)$', 2) as resource_kind,
    max(sku_meter) as sku_meter,
    max(pricing_unit) filter (where not is_copy) as pricing_unit,
    max(tags) as tags,
    max(last_charge) as last_charge,
    sum(quantity) filter (where not is_copy) as quantity,
    sum(cost) as cost,
    coalesce(sum(monthly_quantity) filter (where not is_copy), 0) as size_gb,
    coalesce(sum(monthly_cost) filter (where is_copy), 0) as copied_cost,
    sum(monthly_cost) as monthly_cost
from
    (
        select *, contains(sku_meter, 'CrossRegion-') as is_copy
        from used
        where
            service_code = 'AWSBackup'
            and regexp_matches(sku_meter, '(^|-)(WarmStorage-ByteHrs|CrossRegion-WarmBytes)-')
    )
group by sub_account_id, region_id, billing_currency, service_code, resource_kind
having sum(monthly_cost) >= $least_cost
order by monthly_cost desc, sub_account_id, region_id, resource_kind
