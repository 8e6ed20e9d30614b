-- Which buckets pay more for requests than for storage, and which keys are asked for where S3 is used? One
-- row
-- for each bucket or key with what its requests cost beside what it stores. A bucket's requests count only
-- where it stores something itself: what others pay is not seen.
with
    stores as (
        select distinct sub_account_id, region_id
        from used
        where service_code = 'AmazonS3' and regexp_matches(sku_meter, '(^|-)TimedStorage-')
    ),
    asked as (
        select
            *,
            service_code = 'awskms' as is_key,
            regexp_matches(sku_meter, '(^|-)Requests-Tier[12]$') or service_code = 'awskms' as is_request
        from used
        where
            (
                service_code = 'AmazonS3'
                and resource_id is not null
                and regexp_matches(sku_meter, '(^|-)(TimedStorage-.*|Requests-Tier[12])$')
            )
            or (
                service_code = 'awskms'
                and regexp_matches(sku_meter, '(^|-)KMS-Requests$')
                and regexp_matches(operation, '^(Decrypt|GenerateDataKey)')
            )
    )
select
    resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    is_key,
    max(sku_meter) filter (where is_request) as sku_meter,
    max(pricing_unit) filter (where is_request) as pricing_unit,
    max(tags) as tags,
    max(last_charge) as last_charge,
    sum(quantity) filter (where is_request) as quantity,
    arg_max(operation, monthly_cost) filter (where is_request) as dearest,
    sum(cost) filter (where is_request) as cost,
    coalesce(sum(monthly_cost) filter (where not is_request), 0) as storage_cost,
    sum(monthly_cost) filter (where is_request) as monthly_cost
from asked
semi join stores using (sub_account_id, region_id)
group by resource_id, sub_account_id, region_id, billing_currency, is_key
having
    sum(monthly_cost) filter (where is_request) >= $least_cost
    and sum(monthly_cost) filter (where is_request)
    > coalesce(sum(monthly_cost) filter (where not is_request), 0)
order by monthly_cost desc, resource_id
