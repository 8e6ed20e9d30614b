-- Which NAT gateways of one account and region pass little, when another there could take it? One row for
-- each but the busiest of them; those that next to nothing passes are a question of their own.
with
    gateways as (
        select
            resource_id,
            sub_account_id,
            region_id,
            billing_currency,
            max(tags) as tags,
            max(sku_meter) filter (where hourly) as sku_meter,
            max(pricing_unit) filter (where hourly) as pricing_unit,
            max(last_charge) filter (where hourly) as last_charge,
            sum(quantity) filter (where hourly) as quantity,
            coalesce(sum(quantity) filter (where not hourly), 0) as gigabytes,
            coalesce(sum(monthly_quantity) filter (where not hourly), 0) as monthly_gb,
            sum(cost) as cost,
            sum(monthly_cost) filter (where hourly) as monthly_hours_cost,
            sum(monthly_cost) as monthly_cost
        from
            (
                select *, regexp_matches(sku_meter, '(^|-)NatGateway-Hours$') as hourly
                from used
                where regexp_matches(sku_meter, '(^|-)NatGateway-(Hours|Bytes)$') and resource_id is not null
            )
        group by resource_id, sub_account_id, region_id, billing_currency
    ),
    quiet as (
        select
            *,
            count(*) over place as gateways,
            row_number() over (place order by gigabytes desc, resource_id) as busiest
        from gateways
        where
            quantity > $least_hours
            and gigabytes >= $idle_below_gb
            and gigabytes < $most_gb_a_day * $days
            and last_charge >= (select max(last_charge) from used) - interval 2 day
        window place as (partition by sub_account_id, region_id, billing_currency)
    )
select *
from quiet
where busiest > 1
order by monthly_cost desc, resource_id
