-- Which tables' reads and writes were paid by request, and what did each hour take? One row for each table
-- and
-- kind of capacity, with the busiest hour and how many hours had any; and what a unit cost.
with
    hourly as (
        select
            resource_id,
            sub_account_id,
            region_id,
            billing_currency,
            sku_meter,
            charge_period_start,
            sum(pricing_quantity) as units
        from charges
        where
            x_service_code = 'AmazonDynamoDB'
            and regexp_matches(sku_meter, '(^|-)(Read|Write)RequestUnits$')
            and charge_period_start >= $start
            and charge_period_start < $end
            and x_charge_group = 'usage'
            and charge_class is null
            and resource_id is not null
        group by all
    ),
    busiest as (
        select resource_id, sku_meter, billing_currency, max(units) as busiest, count(*) as hours_on
        from hourly
        group by resource_id, sku_meter, billing_currency
    )
select
    used.resource_id,
    used.sub_account_id,
    used.region_id,
    used.billing_currency,
    used.service_code,
    used.sku_meter,
    max(used.pricing_unit) as pricing_unit,
    max(tags) as tags,
    max(used.pool) as pool,
    max(used.last_charge) as last_charge,
    max(busiest.busiest) as busiest,
    max(busiest.hours_on) as hours_on,
    sum(quantity) as quantity,
    sum(cost) as cost,
    sum(monthly_cost) as monthly_cost,
    coalesce(sum(monthly_cost) filter (where committed), 0) as committed_cost
from used
join busiest using (resource_id, sku_meter, billing_currency)
group by all
having sum(monthly_cost) > 0
order by monthly_cost desc, used.resource_id
