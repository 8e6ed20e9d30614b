-- How much of what buckets hold did a file of metrics of S3 Storage Lens count apart, when it told last?
-- One row for each bucket with S3 Standard.
with
    told as (
        select
            regexp_replace(resource_id, '^arn:[\w-]+:s3:::', '') as bucket,
            cast(max_by(value, "end") as decimal(38, 12)) as bytes
        from metrics
        where list_contains($metrics, metric)
        group by bucket
    )
select
    resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    max(sku_meter) as sku_meter,
    max(pricing_unit) as pricing_unit,
    max(tags) as tags,
    max(last_charge) as last_charge,
    max(bytes) as bytes,
    sum(quantity) as quantity,
    sum(cost) as cost,
    sum(monthly_quantity) as size_gb,
    sum(monthly_cost) as monthly_cost
from used
join told on bucket = resource_id
where service_code = 'AmazonS3' and regexp_matches(sku_meter, '(^|-)TimedStorage-ByteHrs$')
group by resource_id, sub_account_id, region_id, billing_currency
having sum(monthly_quantity) > 0 and sum(monthly_cost) > 0 and max(bytes) / 1073741824 >= $least_gb
order by max(bytes) desc, resource_id
