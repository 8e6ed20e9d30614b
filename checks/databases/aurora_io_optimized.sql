-- What do Aurora clusters in the standard configuration cost, by part? One row for each cluster whose
-- instances
-- an inventory tells (attached_to), and one for the others of each account and region together.
with
    parts as (
        select
            *,
            sku_meter like '%InstanceUsage:%' or sku_meter like '%Aurora:ServerlessV2Usage' as computes,
            sku_meter like '%Aurora:StorageUsage' as stores,
            sku_meter like '%Aurora:StorageIOUsage' as does_io
        from used
        where
            service_code = 'AmazonRDS'
            and (
                regexp_matches(sku_meter, '(^|-)Aurora:(StorageUsage|StorageIOUsage|ServerlessV2Usage)$')
                or regexp_matches(sku_meter, '(^|-)InstanceUsage:db\.')
                and regexp_matches(operation, ':00(16|21)$')
            )
    ),
    told as (select resource_id, max(attached_to) as cluster from inventory group by resource_id),
    placed as (
        select parts.*, case when computes then told.cluster else parts.resource_id end as cluster
        from parts
        left join told using (resource_id)
    ),
    known as (
        select cluster
        from placed
        where cluster is not null
        group by cluster
        having bool_or(computes) and bool_or(not computes)
    ),
    scopes as (
        select placed.*, coalesce(known.cluster, concat_ws(' ', sub_account_id, region_id)) as scope
        from placed
        left join known on known.cluster = placed.cluster
    ),
    by_cluster as (
        select
            scope,
            billing_currency,
            cluster,
            coalesce(sum(monthly_cost) filter (where does_io), 0)
            - 1.25 * coalesce(sum(monthly_cost) filter (where stores), 0) as spare
        from scopes
        where not computes
        group by scope, billing_currency, cluster
    ),
    spares as (
        select scope, billing_currency, sum(greatest(spare, 0)) as most, count(*) as clusters
        from by_cluster
        group by scope, billing_currency
    )
select
    case when max(clusters) = 1 then max(scopes.cluster) filter (where not computes) end as resource_id,
    scopes.scope,
    scopes.billing_currency,
    max(sub_account_id) as sub_account_id,
    max(region_id) as region_id,
    arg_max(tags, monthly_cost) as tags,
    max(last_charge) as last_charge,
    max(clusters) as clusters,
    max(most) as most,
    sum(cost) as cost,
    sum(monthly_cost) as monthly_cost,
    coalesce(sum(monthly_cost) filter (where computes), 0) as instances,
    coalesce(
        sum(case when committed then monthly_list_cost else monthly_cost end) filter (where computes), 0
    ) as on_demand,
    coalesce(sum(monthly_cost) filter (where stores), 0) as storage,
    coalesce(sum(monthly_cost) filter (where does_io), 0) as io
from scopes
join spares on spares.scope = scopes.scope and spares.billing_currency = scopes.billing_currency
group by scopes.scope, scopes.billing_currency
order by io desc, scopes.scope
