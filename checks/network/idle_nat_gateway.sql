-- Which NAT gateways ran while next to nothing passed? One row for each gateway, its bytes beside its hours:
-- one without a row of bytes had none.
select
    resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    max(tags) as tags,
    max(sku_meter) filter (where hourly) as sku_meter,
    sum(quantity) filter (where hourly) as quantity,
    max(pricing_unit) filter (where hourly) as pricing_unit,
    coalesce(sum(quantity) filter (where not hourly), 0) as gigabytes,
    max(last_charge) filter (where hourly) as last_charge,
    sum(cost) as cost,
    sum(monthly_cost) as monthly_cost
from
    (
        select *, regexp_matches(sku_meter, '(^|-)NatGateway-Hours$') as hourly
        from used
        where regexp_matches(sku_meter, '(^|-)NatGateway-(Hours|Bytes)$') and resource_id is not null
    )
group by resource_id, sub_account_id, region_id, billing_currency
having
    sum(quantity) filter (where hourly) > $least_hours
    and coalesce(sum(quantity) filter (where not hourly), 0) < $most_gb
order by monthly_cost desc, resource_id
