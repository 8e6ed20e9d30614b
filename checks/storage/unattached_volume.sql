-- Which volumes are attached to nothing, as an inventory or Compute Optimizer tells? One row for each volume
-- with what the bill says it costs: the bill itself does not show what a volume is attached to.
with
    told as (
        select regexp_replace(resource_id, '^.*/', '') as volume, 'INVENTORY' as told_by
        from inventory
        where resource_type ilike '%volume%' and state = 'available' and nullif(attached_to, '') is null
        union all
        select regexp_replace(resource_id, '^.*/', '') as volume, 'CO' as told_by
        from optimizer
        where resource_type ilike '%volume%' and finding ilike 'unattached%'
    )
select
    resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    max(told_by) as told_by,
    max(tags) as tags,
    max(last_charge) as last_charge,
    sum(monthly_quantity) filter (where pricing_unit = 'GB-Mo') as size_gb,
    sum(cost) as cost,
    sum(monthly_cost) as monthly_cost
from used
inner join (select volume, max(told_by) as told_by from told group by volume) on volume = resource_id
where regexp_matches(sku_meter, '(^|-)EBS:Volume')
group by resource_id, sub_account_id, region_id, billing_currency
having sum(monthly_cost) > 0
order by monthly_cost desc, resource_id
