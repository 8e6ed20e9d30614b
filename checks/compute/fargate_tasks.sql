-- Which services of tasks run on Fargate on demand, and how much of the nodes of ECS does no task take? One
-- row for each service, and one for each node.
with
    tasks as (
        select
            *,
            contains(sku_meter, '-ARM-') as on_arm,
            nullif(regexp_extract(resource_id, ':(task|service)/([^/]+)/', 2), '') as cluster,
            coalesce(
                tags['aws_ecs_service_name'],
                case when contains(resource_id, ':service/') then split_part(resource_id, '/', 3) end
            ) as service
        from used
        where
            service_code = 'AmazonECS'
            and regexp_matches(sku_meter, '(^|-)Fargate-(ARM-)?(vCPU|GB)-Hours')
            and pricing_category <> 'Dynamic'
    ),
    told as (
        select
            node_id, billing_currency, sum(net_split_cost) as split_cost, sum(net_unused_cost) as unused_cost
        from container_usage
        where
            orchestrator = 'ECS'
            and charge_date >= (select min(cast(first_charge as date)) from used)
            and charge_date <= (select max(cast(last_charge as date)) from used)
        group by node_id, billing_currency
    )
select
    'service' as part,
    case when count(distinct resource_id) = 1 then max(resource_id) end as resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    cluster,
    service,
    max(sku_meter) as sku_meter,
    max(pool) as pool,
    max(tags) as tags,
    max(last_charge) as last_charge,
    sum(cost) as cost,
    sum(monthly_cost) as monthly_cost,
    coalesce(sum(monthly_cost) filter (where not on_arm), 0) as x86_cost,
    coalesce(sum(monthly_cost) filter (where committed), 0) as committed_cost,
    cast(null as decimal(38, 12)) as carried_cost,
    cast(null as decimal(38, 12)) as idle_cost
from tasks
group by sub_account_id, region_id, billing_currency, cluster, service
having sum(monthly_cost) >= $least_cost
union all by name
select
    'node' as part,
    resource_id,
    sub_account_id,
    region_id,
    used.billing_currency,
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
order by part, monthly_cost desc, resource_id, cluster, service
