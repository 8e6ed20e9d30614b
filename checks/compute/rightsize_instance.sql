-- Which instances have metrics of their CPU, and of their memory where an agent tells it? One row for each,
-- as
-- a share of what it has, the 99.5th percentile.
with
    told as (
        select
            resource_id,
            max(value) filter (where metric = 'CPUUtilization') as cpu_percent,
            max(value) filter (where metric = 'mem_used_percent') as memory_percent,
            date_diff('day', min(start), max("end")) as days_told
        from metrics
        where stat = 'p99_5'
        group by resource_id
    )
select
    used.resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    sku_meter,
    regexp_extract(sku_meter, ':(.+)$', 1) as instance_type,
    max(pool) as pool,
    max(tags) as tags,
    max(pricing_unit) as pricing_unit,
    sum(quantity) as quantity,
    max(last_charge) as last_charge,
    sum(cost) as cost,
    sum(monthly_cost) as monthly_cost,
    coalesce(sum(monthly_cost) filter (where committed), 0) as committed_cost,
    max(cpu_percent) as cpu_percent,
    max(memory_percent) as memory_percent,
    max(days_told) as days_told
from used
inner join told on told.resource_id = used.resource_id
where
    regexp_matches(sku_meter, '(^|-)(BoxUsage|DedicatedUsage):.+')
    and operation in ('', 'RunInstances', 'RunInstances:0002')  -- Linux, Windows: priced in proportion to size
    and cpu_percent is not null
    and days_told >= $least_days
group by used.resource_id, sub_account_id, region_id, billing_currency, sku_meter
having sum(monthly_cost) > 0
order by monthly_cost desc, used.resource_id
