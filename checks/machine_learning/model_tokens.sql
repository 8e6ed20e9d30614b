-- What did models of Bedrock charge, by meter? One row for each account's region and meter, whichever of
-- its profiles asked; which of them are tokens, and of what class, is for the check to read.
select
    sub_account_id,
    region_id,
    billing_currency,
    service_code,
    service_name,
    sku_meter,
    pricing_unit,
    max(tags) as tags,
    max(last_charge) as last_charge,
    sum(quantity) as quantity,
    sum(cost) as cost,
    sum(monthly_quantity) as monthly_quantity,
    sum(monthly_cost) as monthly_cost
from used_by_meter
where
    regexp_matches(service_code || '/' || service_name, 'Bedrock') and regexp_matches(sku_meter, '(?i)token')
group by sub_account_id, region_id, billing_currency, service_code, service_name, sku_meter, pricing_unit
having sum(monthly_cost) > 0
order by monthly_cost desc, sub_account_id, region_id, sku_meter
