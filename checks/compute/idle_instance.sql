-- Which instances were idle, as metrics say, or else Compute Optimizer? One row for each with metrics, with
-- its
-- busiest moment and what passed its network in a day; one without metrics of the network is told apart, not
-- taken as silent.
with
    measured as (
        select
            resource_id,
            max(value) filter (where metric = 'CPUUtilization' and stat = 'max') as most_cpu,
            sum(value) filter (where metric in ('NetworkIn', 'NetworkOut') and stat = 'sum')
            / nullif(date_diff('second', min(start), max("end")), 0)
            * 86400
            / 1e6 as network_mb_a_day,
            date_diff('day', min(start), max("end")) as days_told
        from metrics
        group by resource_id
        having most_cpu is not null and days_told >= $least_days
    ),
    advised as (
        select resource_id, max(lookback_days) as lookback_days
        from optimizer
        where
            resource_type ilike 'ec2instance'
            and finding ilike 'idle%'
            and resource_id not in (select resource_id from measured)
        group by resource_id
    ),
    told as (
        select *, 'METRICS' as told_by
        from measured
        union all by name
        select *, 'CO' as told_by
        from advised
    )
select
    used.resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    max(sku_meter) as sku_meter,
    max(pool) as pool,
    max(tags) as tags,
    max(pricing_unit) as pricing_unit,
    sum(quantity) as quantity,
    max(last_charge) as last_charge,
    sum(cost) as cost,
    sum(monthly_cost) as monthly_cost,
    coalesce(sum(monthly_cost) filter (where committed), 0) as committed_cost,
    max(most_cpu) as most_cpu,
    max(network_mb_a_day) as network_mb_a_day,
    max(days_told) as days_told,
    max(lookback_days) as lookback_days,
    max(told_by) as told_by
from used
inner join told on told.resource_id = used.resource_id
where
    regexp_matches(sku_meter, '(^|-)(BoxUsage|SpotUsage|DedicatedUsage)(:|$)')
    and coalesce(most_cpu < $most_cpu_percent, true)
    and coalesce(network_mb_a_day < $most_mb_a_day, true)
group by used.resource_id, sub_account_id, region_id, billing_currency
having sum(monthly_cost) > 0
order by monthly_cost desc, used.resource_id
