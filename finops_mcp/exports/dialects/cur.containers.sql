-- What pods and tasks took of the nodes they ran on, by day: what split-cost rows say, which charge nothing.
-- One row for each container, node and kind of resource. AWS leaves the net columns empty, or 0, where there
-- is no private discount: then gross is net.
with
    placed as (
        select
            *,
            split_part(line_item_resource_id, ':pod/', 2) as pod,
            regexp_extract(line_item_resource_id, ':(pod|task)/([^/]+)/', 2) as cluster
        from line_items
        where line_item_operation in ('EKSPod-EC2', 'ECSTask-EC2')
    ),
    named as (
        select
            bill_billing_period_start_date as billing_period_start,
            cast(line_item_usage_start_date as date) as charge_date,
            bill_payer_account_id as billing_account_id,
            line_item_usage_account_id as sub_account_id,
            line_item_usage_account_name as sub_account_name,
            coalesce(
                product_region_code, product_region, nullif(split_part(line_item_resource_id, ':', 4), '')
            ) as region_id,
            case when line_item_operation = 'EKSPod-EC2' then 'EKS' else 'ECS' end as orchestrator,
            coalesce(
                tags['aws_eks_cluster_name'], tags['aws_ecs_cluster_name'], nullif(cluster, '')
            ) as cluster_name,
            coalesce(tags['aws_eks_namespace'], nullif(split_part(pod, '/', 2), '')) as namespace,
            coalesce(tags['aws_eks_workload_name'], tags['aws_ecs_service_name']) as workload_name,
            line_item_resource_id as container_id,
            split_line_item_parent_resource_id as node_id,
            nullif(regexp_extract(line_item_usage_type, '([^-]+)-Hours$', 1), '') as resource_kind,
            line_item_currency_code as billing_currency,
            split_line_item_reserved_usage as reserved_usage,
            split_line_item_actual_usage as actual_usage,
            split_line_item_split_usage as split_usage,
            split_line_item_split_cost as split_cost,
            split_line_item_unused_cost as unused_cost,
            coalesce(nullif(split_line_item_net_split_cost, 0), split_line_item_split_cost) as net_split_cost,
            coalesce(
                nullif(split_line_item_net_unused_cost, 0), split_line_item_unused_cost
            ) as net_unused_cost
        from placed
    )
select
    billing_period_start,
    charge_date,
    billing_account_id,
    sub_account_id,
    sub_account_name,
    region_id,
    orchestrator,
    cluster_name,
    namespace,
    workload_name,
    container_id,
    node_id,
    resource_kind,
    billing_currency,
    sum(reserved_usage) as reserved_usage,
    sum(actual_usage) as actual_usage,
    sum(split_usage) as split_usage,
    sum(split_cost) as split_cost,
    sum(unused_cost) as unused_cost,
    sum(net_split_cost) as net_split_cost,
    sum(net_unused_cost) as net_unused_cost
from named
group by
    billing_period_start,
    charge_date,
    billing_account_id,
    sub_account_id,
    sub_account_name,
    region_id,
    orchestrator,
    cluster_name,
    namespace,
    workload_name,
    container_id,
    node_id,
    resource_kind,
    billing_currency
