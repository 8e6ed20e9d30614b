-- How many public IPv4 addresses are in use, and what do they cost? One row for each account and region.
select
    sub_account_id,
    region_id,
    billing_currency,
    case when min(tags) = max(tags) then max(tags) end as tags,
    max(sku_meter) as sku_meter,
    max(pricing_unit) as pricing_unit,
    max(last_charge) as last_charge,
    sum(quantity) as quantity,
    sum(quantity) / ($days * 24) as addresses,
    coalesce(sum(monthly_cost) filter (where operation like 'RunInstances%'), 0) as of_instances,
    sum(cost) as cost,
    sum(monthly_cost) as monthly_cost
from used
where regexp_matches(sku_meter, '(^|-)PublicIPv4:InUseAddress$')
group by sub_account_id, region_id, billing_currency
having sum(quantity) / ($days * 24) >= $least_addresses and sum(monthly_cost) > 0
order by monthly_cost desc, sub_account_id, region_id
