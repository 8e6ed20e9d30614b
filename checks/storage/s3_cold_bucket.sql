-- Which buckets hold S3 Standard alone, and nobody wrote, read or copied an object for days on end? One row
-- for each bucket; a bucket is silent only where the cache reaches back so far.
with
    newest as (select max(last_charge) as until from used),
    reached as (select min(charge_date) as since from charges_daily),
    touched as (
        select resource_id, max(last_charge_period_start) as last_touched
        from resources_monthly
        where
            x_service_code = 'AmazonS3'
            and regexp_matches(
                x_operation, '(Put|Get|Copy|Post|Head|Select|Restore)Object|UploadPart|CompleteMultipart'
            )
        group by resource_id
    )
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
    max(last_touched) as last_touched,
    sum(quantity) as quantity,
    sum(cost) as cost,
    sum(monthly_quantity) as size_gb,
    sum(monthly_cost) as monthly_cost
from used
cross join newest
cross join reached
left join touched using (resource_id)
where
    service_code = 'AmazonS3'
    and regexp_matches(sku_meter, '(^|-)TimedStorage-')
    and resource_id is not null
    and until - to_days($least_days) >= since
    and (last_touched is null or last_touched < until - to_days($least_days))
group by resource_id, sub_account_id, region_id, billing_currency, service_code
having
    bool_and(regexp_matches(sku_meter, '(^|-)TimedStorage-ByteHrs$'))
    and sum(monthly_cost) > 0
    and sum(monthly_quantity) >= $least_gb
order by monthly_cost desc, resource_id
