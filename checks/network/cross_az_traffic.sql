-- What does traffic between zones cost? One row for each account and region, in beside out.
select
    sub_account_id,
    region_id,
    billing_currency,
    case when min(tags) = max(tags) then max(tags) end as tags,
    max(sku_meter) as sku_meter,
    max(pricing_unit) as pricing_unit,
    max(last_charge) as last_charge,
    sum(quantity) as quantity,
    coalesce(sum(quantity) filter (where operation like '%In'), 0) as gb_in,
    coalesce(sum(quantity) filter (where operation like '%Out'), 0) as gb_out,
    sum(monthly_quantity) as monthly_gb,
    sum(cost) as cost,
    sum(monthly_cost) as monthly_cost
from used
where regexp_matches(sku_meter, '(^|-)DataTransfer-Regional-Bytes$')
group by sub_account_id, region_id, billing_currency
having sum(monthly_quantity) >= $least_gb and sum(monthly_cost) > 0
order by monthly_cost desc, sub_account_id, region_id
