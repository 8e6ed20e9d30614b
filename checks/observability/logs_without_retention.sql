-- Which logs were more at the end of each month, as if nothing were ever deleted? One row for each log
-- group, or for an account's region where the bill names none: what it holds now, and by how much it grew
-- in each of the newest whole months, one after the other. The month in which the cache begins is whole on
-- its first day alone.
with
    ends as (select cast(max(last_charge) as date) + 1 as until from used),
    reached as (select min(charge_date) as since from charges_daily),
    months as (
        select
            resource_id,
            sub_account_id,
            region_id,
            billing_currency,
            cast(billing_period_start as date) as month,
            sum(pricing_quantity) as gb
        from resources_monthly, ends, reached
        where
            x_service_code = 'AmazonCloudWatch'
            and regexp_matches(sku_meter, '(^|-)TimedStorage-ByteHrs$')
            and x_charge_group = 'usage'
            and charge_class is null
            and cast(billing_period_start as date) >= since
            and last_day(billing_period_start) < until
        group by resource_id, sub_account_id, region_id, billing_currency, billing_period_start
    ),
    steps as (
        select
            *,
            gb - lag(gb) over one_log as grown,
            row_number() over (
                partition by resource_id, sub_account_id, region_id, billing_currency order by month desc
            ) as back
        from months
        window
            one_log as (partition by resource_id, sub_account_id, region_id, billing_currency order by month)
    ),
    growing as (
        select
            resource_id,
            sub_account_id,
            region_id,
            billing_currency,
            min(month) as since_month,
            cast(avg(grown) as decimal(38, 12)) as gb_a_month,
            min(grown) as least_gb_a_month
        from steps
        where back <= $months_growing
        group by resource_id, sub_account_id, region_id, billing_currency
        having count(grown) = $months_growing and min(grown) > 0
    )
select used_by_meter.*, since_month, gb_a_month, least_gb_a_month
from used_by_meter
join
    growing
    on used_by_meter.resource_id is not distinct from growing.resource_id
    and used_by_meter.sub_account_id is not distinct from growing.sub_account_id
    and used_by_meter.region_id is not distinct from growing.region_id
    and used_by_meter.billing_currency is not distinct from growing.billing_currency
where
    service_code = 'AmazonCloudWatch'
    and regexp_matches(sku_meter, '(^|-)TimedStorage-ByteHrs$')
    and monthly_cost >= $least_cost
order by monthly_cost desc, used_by_meter.resource_id
