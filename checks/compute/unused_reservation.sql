-- Which reserved capacity was held while nothing ran in it, as AWS itself meters it? One row for each.
select
    resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    sku_meter,
    max(pool) as pool,
    max(tags) as tags,
    max(pricing_unit) as pricing_unit,
    sum(quantity) as quantity,
    max(last_charge) as last_charge,
    sum(cost) as cost,
    sum(monthly_cost) as monthly_cost,
    coalesce(sum(monthly_cost) filter (where committed), 0) as committed_cost
from used
where regexp_matches(sku_meter, '(^|-)(UnusedBox|UnusedDed)(:|$)')
group by resource_id, sub_account_id, region_id, billing_currency, sku_meter
having sum(monthly_cost) > 0
order by monthly_cost desc, resource_id
