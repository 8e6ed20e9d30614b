-- Which load balancers ran while next to nothing passed? One row for each, what it processed beside its
-- hours: one without a row of it processed nothing.
select
    resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    max(tags) as tags,
    max(sku_meter) filter (where hourly) as sku_meter,
    max(pricing_unit) filter (where hourly) as pricing_unit,
    max(operation) filter (where hourly) as operation,
    max(last_charge) filter (where hourly) as last_charge,
    sum(quantity) filter (where hourly) as quantity,
    coalesce(sum(quantity) filter (where sku_meter like '%LCUUsage'), 0) as lcu_hours,
    coalesce(sum(quantity) filter (where sku_meter like '%Bytes'), 0) as gigabytes,
    sum(cost) as cost,
    sum(monthly_cost) as monthly_cost
from
    (
        select
            *,
            regexp_matches(sku_meter, '(^|-)LoadBalancerUsage$')
            and not regexp_matches(sku_meter, '(^|-)TS-LoadBalancerUsage$') as hourly
        from used
        where resource_id is not null and regexp_matches(sku_meter, '(LoadBalancerUsage|LCUUsage|Bytes)$')
    )
group by resource_id, sub_account_id, region_id, billing_currency
having
    sum(quantity) filter (where hourly) > $least_hours
    and coalesce(sum(quantity) filter (where sku_meter like '%LCUUsage'), 0) < $most_lcu_hours
    and coalesce(sum(quantity) filter (where sku_meter like '%Bytes'), 0) < $most_gb
    and sum(monthly_cost) > 0
order by monthly_cost desc, resource_id
