-- Which buckets pay for taking data early out of a cheaper class of S3, or for reading it there? One row for
-- each bucket: its class with the most such charges, and what is stored in that class.
with
    of_class as (
        select
            resource_id,
            sub_account_id,
            region_id,
            billing_currency,
            service_code,
            case
                when regexp_matches(sku_meter, '(^|-)(EarlyDelete|Retrieval|TimedStorage)-SIA')
                then 'Standard-IA'
                when regexp_matches(sku_meter, '(^|-)(EarlyDelete|Retrieval|TimedStorage)-ZIA')
                then 'One Zone-IA'
                when regexp_matches(sku_meter, '(^|-)(EarlyDelete|Retrieval|TimedStorage)-GIR')
                then 'Glacier Instant Retrieval'
                when regexp_matches(sku_meter, '(^|-)(EarlyDelete|Retrieval|TimedStorage)-GDA')
                then 'Glacier Deep Archive'
                when
                    regexp_matches(
                        sku_meter, '(^|-)(EarlyDelete-ByteHrs|TimedStorage-GlacierByteHrs|Retrieval-Bytes)$'
                    )
                then 'Glacier Flexible Retrieval'
            end as storage_class,
            regexp_matches(sku_meter, '(^|-)(EarlyDelete|Retrieval)-') as is_regret,
            sku_meter,
            tags,
            last_charge,
            cost,
            monthly_cost,
            monthly_quantity
        from used
        where service_code = 'AmazonS3' and resource_id is not null
    )
select
    resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    service_code,
    storage_class,
    regexp_extract(max(sku_meter), '^([A-Z][A-Z0-9]+-)?') as prefix,
    max(sku_meter) filter (where is_regret) as sku_meter,
    max(tags) as tags,
    max(last_charge) as last_charge,
    sum(cost) as cost,
    sum(monthly_cost) filter (where is_regret) as regretted,
    coalesce(sum(monthly_quantity) filter (where not is_regret), 0) as size_gb,
    sum(monthly_cost) as monthly_cost
from of_class
where storage_class is not null
group by resource_id, sub_account_id, region_id, billing_currency, service_code, storage_class
having sum(monthly_cost) filter (where is_regret) >= $least_cost
qualify
    row_number() over (
        partition by resource_id, sub_account_id, region_id, billing_currency order by regretted desc
    )
    = 1
order by regretted desc, resource_id
