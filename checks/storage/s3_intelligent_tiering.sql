-- Which buckets hold much in S3 Standard? One row for each bucket, with the objects that a file of metrics
-- counted in it last.
with
    counted as (
        select regexp_replace(resource_id, '^arn:[\w-]+:s3:::', '') as bucket, max_by(value, "end") as objects
        from metrics
        where metric in ('NumberOfObjects', 'ObjectCount')
        group by bucket
    )
select
    resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    service_code,
    sku_meter,
    max(pricing_unit) as pricing_unit,
    max(tags) as tags,
    max(last_charge) as last_charge,
    max(objects) as objects,
    sum(quantity) as quantity,
    sum(cost) as cost,
    sum(monthly_quantity) as size_gb,
    sum(monthly_cost) as monthly_cost
from used
left join counted on bucket = resource_id
where
    service_code = 'AmazonS3'
    and regexp_matches(sku_meter, '(^|-)TimedStorage-ByteHrs$')
    and resource_id is not null
group by resource_id, sub_account_id, region_id, billing_currency, service_code, sku_meter
having sum(monthly_cost) > 0 and sum(monthly_quantity) >= $least_gb
order by monthly_cost desc, resource_id
