-- What pods and tasks took of the nodes they ran on: one row for each container, node, kind of resource and
-- day. It tells the cost of nodes over again: never add it to charges. Amounts are in billing_currency.
create table container_usage (
    billing_period_start timestamp,  -- first instant of the month that bills the node
    charge_date date,
    billing_account_id varchar,  -- account that pays
    sub_account_id varchar,  -- account that used
    sub_account_name varchar,
    region_id varchar,
    orchestrator varchar,  -- EKS or ECS
    cluster_name varchar,
    namespace varchar,  -- of EKS alone
    workload_name varchar,  -- what runs the pod, or the service of the task
    container_id varchar,  -- ARN of the pod or task
    node_id varchar,  -- machine it ran on
    resource_kind varchar,  -- vCPU, GB, or a kind of accelerator
    billing_currency varchar,
    reserved_usage decimal(38, 12),  -- what it asked for, in hours of the resource
    actual_usage decimal(38, 12),  -- what it used
    split_usage decimal(38, 12),  -- the greater of the two, hour by hour
    split_cost decimal(38, 12),  -- what that cost of the node, amortized, before private discounts
    unused_cost decimal(38, 12),  -- its part of what no container of the node took
    net_split_cost decimal(38, 12),  -- the same after private discounts
    net_unused_cost decimal(38, 12),
    x_delivery varchar  -- the delivery that held the rows: export, period and execution
);
