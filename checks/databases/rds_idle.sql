-- Which databases does a file of metrics tell about, and how busy were they? One row for each machine of RDS,
-- without its storage, which stays when it is stopped.
with
    told as (
        select
            regexp_extract(resource_id, '[^:/]+$') as name,
            max(value) filter (where metric = 'DatabaseConnections' and stat = 'max') as connections,
            max(value) filter (where metric = 'CPUUtilization' and stat in ('max', 'p99_5')) as cpu,
            date_diff('day', min("start"), max("end")) as days_told
        from metrics
        where metric in ('DatabaseConnections', 'CPUUtilization')
        group by name
    )
select
    used.resource_id,
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
    max(told.connections) as connections,
    max(told.cpu) as cpu,
    max(told.days_told) as days_told
from used
join told on told.name = regexp_extract(used.resource_id, '[^:/]+$')
where service_code = 'AmazonRDS' and regexp_matches(sku_meter, 'Usage:db\.') and told.days_told >= $least_days
group by used.resource_id, sub_account_id, region_id, billing_currency
having sum(monthly_cost) > 0
order by monthly_cost desc, used.resource_id
