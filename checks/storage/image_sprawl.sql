-- Which repositories of container images store much? One row for each repository, with the images in it that
-- an inventory file tells were not pulled for long, or never and are as old.
with
    newest as (select max(last_charge) as until from used),
    stale as (
        select
            regexp_replace(attached_to, '^.*:repository/', '') as repository,
            region as stale_region,
            account as stale_account,
            count(*) filter (
                where coalesce(last_used, created) < until - to_days($least_days)
            ) as stale_images,
            coalesce(
                sum(size) filter (where coalesce(last_used, created) < until - to_days($least_days)), 0
            ) as stale_gb
        from inventory
        cross join newest
        where resource_type ilike '%image%' and attached_to is not null
        group by all
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
    max(stale_images) as stale_images,
    max(stale_gb) as stale_gb,
    sum(quantity) as quantity,
    sum(cost) as cost,
    sum(monthly_quantity) as size_gb,
    sum(monthly_cost) as monthly_cost
from used
left join
    stale
    on repository = regexp_replace(resource_id, '^.*:repository/', '')
    and stale_region = region_id
    and stale_account = sub_account_id
where service_code = 'AmazonECR' and regexp_matches(sku_meter, '(^|-)TimedStorage-ByteHrs$')
group by resource_id, sub_account_id, region_id, billing_currency
having sum(monthly_cost) >= $least_cost
order by monthly_cost desc, resource_id
