-- How much of each node of EKS does no pod take? One row for each node that is charged, with what its pods
-- carry of it a month, and what of that is idle.
with
    told as (
        select
            node_id,
            billing_currency,
            max(cluster_name) as cluster,
            sum(net_split_cost) as split_cost,
            sum(net_unused_cost) as unused_cost
        from container_usage
        where
            orchestrator = 'EKS'
            and charge_date >= (select min(cast(first_charge as date)) from used)
            and charge_date <= (select max(cast(last_charge as date)) from used)
        group by node_id, billing_currency
    )
select
    resource_id,
    sub_account_id,
    region_id,
    used.billing_currency,
    max(cluster) as cluster,
    max(sku_meter) as sku_meter,
    max(pool) as pool,
    max(tags) as tags,
    max(last_charge) as last_charge,
    sum(cost) as cost,
    sum(monthly_cost) as monthly_cost,
    coalesce(sum(monthly_cost) filter (where committed), 0) as committed_cost,
    cast(max(split_cost + unused_cost) * 730 / ($days * 24) as decimal(38, 12)) as carried_cost,
    cast(max(unused_cost) * 730 / ($days * 24) as decimal(38, 12)) as idle_cost
from used
join told on resource_id = node_id and used.billing_currency is not distinct from told.billing_currency
group by resource_id, sub_account_id, region_id, used.billing_currency
having max(unused_cost) > $headroom * max(split_cost + unused_cost) and sum(monthly_cost) >= $least_cost
order by idle_cost desc, resource_id
