-- What did each resource use of each meter, whatever operation it was and whatever paid for it? One row for
-- each, with the part of its month that commitments pay.
select
    resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    service_code,
    service_name,
    sku_meter,
    max(instance_type) as instance_type,
    max(pricing_unit) as pricing_unit,
    max(pool) as pool,
    max(tags) as tags,
    min(first_charge) as first_charge,
    max(last_charge) as last_charge,
    max(days_on) as days_on,
    sum(quantity) as quantity,
    sum(cost) as cost,
    sum(monthly_quantity) as monthly_quantity,
    sum(monthly_cost) as monthly_cost,
    coalesce(sum(monthly_cost) filter (where committed), 0) as committed_cost
from used
group by resource_id, sub_account_id, region_id, billing_currency, service_code, service_name, sku_meter
