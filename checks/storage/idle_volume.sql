-- Which volumes did next to nothing read or write? One row for each volume that a file of metrics shows at
-- rest in every sample of two weeks, or that Compute Optimizer calls idle.
with
    resting as (
        select resource_id as volume, 'metrics' as told_by, max(value) as most_operations
        from metrics
        where metric in ('VolumeReadOps', 'VolumeWriteOps') and stat = 'max'
        group by resource_id
        having
            count(distinct metric) = 2
            and max(value) < $most_operations
            and max("end") - min("start") >= to_days($least_days)
    ),
    idle as (
        select resource_id as volume, 'optimizer' as told_by, null as most_operations
        from optimizer
        where (resource_type ilike '%volume%' or resource_type ilike '%ebs%') and finding ilike 'idle%'
    ),
    told as (
        select
            regexp_replace(volume, '^.*/', '') as volume,
            min(told_by) as told_by,
            max(most_operations) as most_operations
        from
            (
                select *
                from resting
                union all
                select *
                from idle
            )
        group by 1
    )
select
    resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    service_code,
    told_by,
    most_operations,
    min(sku_meter) filter (where contains(sku_meter, 'VolumeUsage')) as sku_meter,
    max(tags) as tags,
    max(last_charge) as last_charge,
    sum(cost) as cost,
    coalesce(sum(monthly_quantity) filter (where contains(sku_meter, 'VolumeUsage')), 0) as size_gb,
    sum(monthly_cost) as monthly_cost
from used
join told on volume = regexp_replace(resource_id, '^.*/', '')
where regexp_matches(sku_meter, '(^|-)EBS:Volume(Usage|P-IOPS|P-Throughput|IOUsage)')
group by resource_id, sub_account_id, region_id, billing_currency, service_code, told_by, most_operations
having sum(monthly_cost) > 0
order by monthly_cost desc, resource_id
