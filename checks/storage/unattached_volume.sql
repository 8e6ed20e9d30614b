-- Which volumes are attached to nothing, as the inventory tells? One row for each volume.
select
    u.resource_id,
    u.sub_account_id,
    u.region_id,
    u.billing_currency,
    max(u.sku_meter) as sku_meter,
    max(u.pricing_unit) as pricing_unit,
    max(u.tags) as tags,
    max(u.last_charge) as last_charge,
    sum(u.quantity) as quantity,
    sum(u.cost) as cost,
    sum(u.monthly_cost) as monthly_cost
from used as u
where
    regexp_matches(u.sku_meter, '(^|-)EBS:Volume')
    and u.resource_id
    in (select resource_id from inventory where resource_id is not null and attached_to is null)
group by u.resource_id, u.sub_account_id, u.region_id, u.billing_currency
having sum(u.monthly_cost) > 0
order by monthly_cost desc, resource_id
