-- What do pods, tasks and their nodes cost? Rows of four kinds: containers, what split-cost rows say of each
-- group of them; node, each node with what it was charged and what containers told of that; fargate, each pod
-- or task that is charged itself; other, what clusters are charged for being there.
with
    told as (
        select *
        from container_usage
        where
            case when $time = 'billing_period' then cast(billing_period_start as date) else charge_date end
            >= $start
            and case
                when $time = 'billing_period' then cast(billing_period_start as date) else charge_date
            end
            < $end
    ),
    charged as (
        select
            resource_id,
            in_account as sub_account_id,
            in_region as region_id,
            coalesce(contains(in_meter, 'Fargate'), false) as on_fargate,
            billing_currency,
            sum(columns([$metric])) as cost,
        from selection
        where in_category not in ('Tax', 'Credit') and resource_id is not null
        group by all
    ),
    nodes as (
        select
            max(sub_account_id) as sub_account_id,
            max(region_id) as region_id,
            max(orchestrator) as orchestrator,
            max(cluster_name) as cluster_name,
            node_id,
            billing_currency,
            sum(net_split_cost) as used_cost,
            sum(net_unused_cost) as idle_cost,
        from told
        group by node_id, billing_currency
    ),
    parts as (
        select
            'containers' as part,
            sub_account_id,
            region_id,
            orchestrator,
            cluster_name,
            case when $by in ('namespace', 'workload', 'container') then namespace end as namespace,
            case when $by in ('workload', 'container') then workload_name end as workload_name,
            case when $by = 'container' then container_id end as container_id,
            case when $by = 'node' then node_id end as node_id,
            billing_currency,
            sum(net_split_cost) as used_cost,
            sum(net_unused_cost) as idle_cost,
            cast(null as decimal(38, 12)) as cost,
        from told
        group by all
        union all by name
        select 'node' as part, nodes.*, of_nodes.cost
        from nodes
        left join
            (select resource_id, billing_currency, sum(cost) as cost from charged group by all) as of_nodes
            on resource_id = node_id
            and of_nodes.billing_currency is not distinct from nodes.billing_currency
        union all by name
        select
            'fargate' as part,
            sub_account_id,
            region_id,
            case when contains(resource_id, ':pod/') then 'EKS' else 'ECS' end as orchestrator,
            nullif(regexp_extract(resource_id, ':(pod|task|service)/([^/]+)/', 2), '') as cluster_name,
            case when contains(resource_id, ':pod/') then split_part(resource_id, '/', 3) end as namespace,
            case
                when contains(resource_id, ':service/') then split_part(resource_id, '/', 3)
            end as workload_name,
            resource_id as container_id,
            billing_currency,
            sum(cost) as cost,
        from charged
        where on_fargate
        group by all
        union all by name
        select
            'other' as part,
            sub_account_id,
            region_id,
            'EKS' as orchestrator,
            split_part(resource_id, ':cluster/', 2) as cluster_name,
            resource_id as container_id,
            billing_currency,
            sum(cost) as cost,
        from charged
        where contains(resource_id, ':eks:') and contains(resource_id, ':cluster/') and not on_fargate
        group by all
    )
select
    part,
    billing_currency,
    used_cost,
    idle_cost,
    cost,
    sub_account_id,
    region_id,
    orchestrator,
    cluster_name,
    namespace,
    workload_name,
    container_id,
    node_id,
from parts
order by all
