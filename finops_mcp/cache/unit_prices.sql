-- What did a unit of each meter cost in each region, on demand? One row for each, of the newest month that
-- used
-- it. Free use is no price.
select
    x_service_code,
    sku_meter,
    region_id,
    billing_currency,
    billing_period_start,
    sum(effective_cost) as cost,
    sum(pricing_quantity) as quantity,
    max(pricing_unit) as unit
from charges_daily
where
    x_charge_group = 'usage'
    and charge_class is null
    and commitment_discount_id is null
    and effective_cost > 0
    and pricing_quantity > 0
group by x_service_code, sku_meter, region_id, billing_currency, billing_period_start
qualify
    row_number() over (
        partition by x_service_code, sku_meter, region_id, billing_currency order by billing_period_start desc
    )
    = 1
