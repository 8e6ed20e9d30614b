-- Which instances have metrics of their CPU, and of their memory where an agent tells it, or else the advice
-- of Compute Optimizer? One row for each, with the 99.5th percentile as a share of what it has.
with
    measured as (
        select
            resource_id,
            max(value) filter (where metric = 'CPUUtilization') as cpu_percent,
            max(value) filter (where metric = 'mem_used_percent') as memory_percent,
            date_diff('day', min(start), max("end")) as days_told
        from metrics
        where stat = 'p99_5'
        group by resource_id
        having
            max(value) filter (where metric = 'CPUUtilization') is not null
            and date_diff('day', min(start), max("end")) >= $least_days
    ),
    advised as (
        select
            resource_id,
            max(recommended_configuration) as advised_type,
            max(coalesce(monthly_saving_after_discounts, monthly_saving)) as advised_saving,
            bool_and(monthly_saving_after_discounts is not null) as after_discounts,
            max(currency) as advised_currency,
            max(performance_risk) as performance_risk,
            max(lookback_days) as lookback_days
        from optimizer
        where
            resource_type ilike 'ec2instance'
            and finding ilike 'over%provisioned'
            and recommended_configuration is not null
            and coalesce(monthly_saving_after_discounts, monthly_saving) > 0
            and resource_id not in (select resource_id from measured)
        group by resource_id
    ),
    told as (
        select *
        from measured
        union all by name
        select *
        from advised
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
    coalesce(
        sum(monthly_cost) filter (where committed and not coalesce(after_discounts, false)), 0
    ) as committed_cost,
    max(cpu_percent) as cpu_percent,
    max(memory_percent) as memory_percent,
    max(days_told) as days_told,
    max(advised_type) as advised_type,
    max(advised_saving) as advised_saving,
    bool_and(after_discounts) as after_discounts,
    max(performance_risk) as performance_risk,
    max(lookback_days) as lookback_days
from used
inner join told on told.resource_id = used.resource_id
where
    regexp_matches(sku_meter, '(^|-)(BoxUsage|DedicatedUsage):.+')
    and (
        advised_currency = billing_currency
        or cpu_percent is not null
        and operation in ('', 'RunInstances', 'RunInstances:0002')  -- Linux, Windows: priced by size
    )
group by used.resource_id, sub_account_id, region_id, billing_currency, sku_meter
having sum(monthly_cost) > 0
order by monthly_cost desc, used.resource_id
