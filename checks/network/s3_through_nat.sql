-- How much do NAT gateways pass where S3 or DynamoDB are used too? One row for each account and region; how
-- much of it goes there a file of metrics may tell (s3_dynamodb_bytes of each gateway).
with
    told as (
        select
            regexp_extract(resource_id, '[^/]+$') as gateway,
            sum(value * date_diff('second', "start", "end") / period_s) as bytes,
            sum(date_diff('second', "start", "end")) as seconds
        from metrics
        where metric = 's3_dynamodb_bytes' and stat = 'avg' and period_s > 0
        group by gateway
        having sum(date_diff('second', "start", "end")) > 0
    ),
    passed as (
        select
            sub_account_id,
            region_id,
            billing_currency,
            regexp_extract(resource_id, '[^/]+$') as gateway,
            min(tags) as least_tags,
            max(tags) as tags,
            max(sku_meter) as sku_meter,
            max(pricing_unit) as pricing_unit,
            max(last_charge) as last_charge,
            sum(quantity) as quantity,
            sum(monthly_quantity) as monthly_gb,
            sum(cost) as cost,
            sum(monthly_cost) as monthly_cost
        from used
        where regexp_matches(sku_meter, '(^|-)NatGateway-Bytes$')
        group by sub_account_id, region_id, billing_currency, gateway
    ),
    stores as (
        select distinct sub_account_id, region_id, billing_currency
        from used
        where
            service_code in ('AmazonS3', 'AmazonDynamoDB')
            or service_name in ('Amazon Simple Storage Service', 'Amazon DynamoDB')
    )
select
    sub_account_id,
    region_id,
    billing_currency,
    case when min(least_tags) = max(tags) then max(tags) end as tags,
    max(sku_meter) as sku_meter,
    max(pricing_unit) as pricing_unit,
    max(last_charge) as last_charge,
    count(*) as gateways,
    sum(quantity) as quantity,
    sum(cost) as cost,
    sum(monthly_gb) as monthly_gb,
    sum(monthly_cost) as monthly_cost,
    cast(
        sum(least(bytes / seconds * 3600 * 730 / (1024 * 1024 * 1024), monthly_gb)) filter (
            where bytes is not null
        ) as decimal(38, 12)
    ) as told_gb,
    coalesce(sum(monthly_cost) filter (where bytes is null), 0) as untold_cost
from passed
inner join stores using (sub_account_id, region_id, billing_currency)
left join told using (gateway)
group by sub_account_id, region_id, billing_currency
having sum(monthly_gb) >= $least_gb and sum(monthly_cost) > 0
order by monthly_cost desc, sub_account_id, region_id
