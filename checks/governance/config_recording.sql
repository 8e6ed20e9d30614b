-- What do continuous recordings of AWS Config cost? One row for each account's region, with how many
-- resources an inventory has there: the bill does not tell of how many the items are.
with
    recorded as (
        select
            service_code,
            sub_account_id,
            region_id,
            billing_currency,
            max(sku_meter) as sku_meter,
            max(pricing_unit) as pricing_unit,
            max(tags) as tags,
            max(last_charge) as last_charge,
            sum(quantity) as quantity,
            sum(cost) as cost,
            sum(monthly_quantity) as monthly_quantity,
            sum(monthly_cost) as monthly_cost
        from used_by_meter
        where regexp_matches(sku_meter, '(^|-)ConfigurationItemRecorded$')
        group by service_code, sub_account_id, region_id, billing_currency
    ),
    listed as (
        select account, region, count(distinct resource_id) as resources
        from inventory
        group by account, region
    )
select recorded.*, resources
from recorded
left join listed on account = sub_account_id and region = region_id
where monthly_cost >= $least_cost
order by monthly_cost desc, sub_account_id, region_id
