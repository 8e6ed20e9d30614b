-- Whose threat detection costs far more than in the days before? One row for each account's region and
-- meter of GuardDuty, Inspector and Macie: a month of now beside a month of as many days before. A cache
-- that does not reach back so far tells nothing.
with
    span as (
        select
            cast(min(first_charge) as date) as start,
            cast(date_diff('day', min(first_charge), max(last_charge)) as integer) + 1 as days
        from used
    ),
    reached as (select min(charge_date) as since from charges_daily),
    before as (
        select
            sub_account_id,
            region_id,
            billing_currency,
            sku_meter,
            cast(sum(effective_cost) * 730 / (24 * max(days)) as decimal(38, 12)) as monthly_before
        from charges_daily, span
        where
            x_service_code in ('AmazonGuardDuty', 'AmazonInspectorV2', 'AmazonInspector', 'AmazonMacie')
            and x_charge_group = 'usage'
            and charge_class is null
            and charge_date >= start - days
            and charge_date < start
        group by sub_account_id, region_id, billing_currency, sku_meter
    )
select used_by_meter.*, coalesce(monthly_before, 0) as monthly_before
from used_by_meter
cross join span
cross join reached
left join
    before
    on used_by_meter.sku_meter = before.sku_meter
    and used_by_meter.sub_account_id is not distinct from before.sub_account_id
    and used_by_meter.region_id is not distinct from before.region_id
    and used_by_meter.billing_currency is not distinct from before.billing_currency
where
    service_code in ('AmazonGuardDuty', 'AmazonInspectorV2', 'AmazonInspector', 'AmazonMacie')
    and since <= start - days
    and monthly_cost >= $times * coalesce(monthly_before, 0)
    and monthly_cost - coalesce(monthly_before, 0) >= $least_cost
order by monthly_cost desc, used_by_meter.sub_account_id, used_by_meter.region_id
