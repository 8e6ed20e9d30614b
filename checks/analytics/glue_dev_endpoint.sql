-- Which Glue development endpoints were left on? One row for each, with the hours of it that were charged.
select
    resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    max(tags) as tags,
    max(sku_meter) as sku_meter,
    max(pricing_unit) as pricing_unit,
    max(days_on) as days_on,
    max(last_charge) as last_charge,
    sum(quantity) as quantity,
    sum(cost) as cost,
    sum(monthly_cost) as monthly_cost
from used
where regexp_matches(sku_meter, '(^|-)DEVED-DPU-Hour$')
group by resource_id, sub_account_id, region_id, billing_currency
having max(days_on) >= $least_days and sum(monthly_cost) > 0
order by monthly_cost desc, resource_id
