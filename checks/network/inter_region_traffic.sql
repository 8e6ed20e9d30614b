-- What does traffic between regions cost? One row for each account and pair of regions, as meters name them.
select
    sub_account_id,
    region_id,
    billing_currency,
    sku_meter,
    case when min(tags) = max(tags) then max(tags) end as tags,
    max(pricing_unit) as pricing_unit,
    max(last_charge) as last_charge,
    bool_or(sku_meter like '%S3RTC-Out-Bytes') as timed_replication,
    sum(quantity) as quantity,
    sum(monthly_quantity) as monthly_gb,
    sum(cost) as cost,
    sum(monthly_cost) as monthly_cost
from used
where regexp_matches(sku_meter, '(^|-)[A-Z]+[0-9]?-(AWS|S3RTC)-Out-Bytes$')
group by sub_account_id, region_id, billing_currency, sku_meter
having sum(monthly_quantity) >= $least_gb and sum(monthly_cost) > 0
order by monthly_cost desc, sub_account_id, sku_meter
