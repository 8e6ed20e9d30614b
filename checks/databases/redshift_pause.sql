-- In which hours does nobody connect to a Redshift cluster that is paid by the hour? One row for each
-- cluster,
-- with the parts of a week in which every such hour was without a connection.
with
    hours as (
        select
            regexp_extract(resource_id, '[^:/]+$') as name,
            extract('dow' from "start") as weekday,
            extract('hour' from "start") as hour,
            max(value) = 0 as is_idle
        from metrics
        where metric = 'DatabaseConnections' and stat = 'max' and period_s <= 3600
        group by name, "start"
    ),
    slots as (
        select
            *,
            bool_and(is_idle) over (partition by name, weekday, hour) as weekly,
            bool_and(is_idle) over (partition by name, hour) as daily
        from hours
    ),
    told as (
        select
            name,
            count(*) as hours_told,
            count(*) filter (where is_idle) as idle,
            count(*) filter (where weekly) as idle_weekly,
            count(*) filter (where daily) as idle_daily
        from slots
        group by name
        having count(*) >= $least_hours
    )
select
    resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    max(sku_meter) as sku_meter,
    max(pricing_unit) as pricing_unit,
    max(tags) as tags,
    max(pool) as pool,
    max(last_charge) as last_charge,
    sum(quantity) as quantity,
    sum(cost) as cost,
    sum(monthly_cost) as monthly_cost,
    coalesce(sum(monthly_cost) filter (where committed), 0) as committed_cost,
    max(told.hours_told) as hours_told,
    max(told.idle) as idle,
    max(told.idle_weekly) as idle_weekly,
    max(told.idle_daily) as idle_daily
from used
join told on told.name = regexp_extract(resource_id, '[^:/]+$')
where service_code = 'AmazonRedshift' and regexp_matches(sku_meter, '(^|-)Node:')
group by resource_id, sub_account_id, region_id, billing_currency
having sum(monthly_cost) > 0 and max(told.idle_weekly) > 0
order by monthly_cost desc, resource_id
