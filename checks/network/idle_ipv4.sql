-- Which public IPv4 addresses were held without being used, as AWS itself meters it? One row for each.
select
    resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    max(tags) as tags,
    max(sku_meter) as sku_meter,
    max(pricing_unit) as pricing_unit,
    sum(quantity) as quantity,
    max(last_charge) as last_charge,
    sum(cost) as cost,
    sum(monthly_cost) as monthly_cost
from used
where regexp_matches(sku_meter, '(^|-)(PublicIPv4|ElasticIP):IdleAddress$')
group by resource_id, sub_account_id, region_id, billing_currency
having sum(monthly_cost) > 0
order by monthly_cost desc, resource_id
