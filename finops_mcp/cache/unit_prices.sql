-- What did a unit of one meter cost in one region, on demand? One row for each month it was used, the newest
-- first. Free use is no price.
select
    billing_period_start,
    sum(effective_cost) as cost,
    sum(pricing_quantity) as quantity,
    max(pricing_unit) as unit
from charges_daily
where
    x_service_code = $service
    and sku_meter = $meter
    and region_id is not distinct from $region
    and billing_currency = $currency
    and x_charge_group = 'usage'
    and charge_class is null
    and commitment_discount_id is null
    and effective_cost > 0
    and pricing_quantity > 0
group by billing_period_start
order by billing_period_start desc
limit 1
