-- Which notebooks and endpoints of SageMaker were on nearly every hour? One row for each, with how often an
-- endpoint was called where metrics tell. Where a plan pays for part of an hour, that hour is two rows.
with
    told as (
        select
            regexp_extract(resource_id, '[^:/]+$') as name,
            sum(value) as invocations,
            date_diff('day', min("start"), max("end")) as days_told
        from metrics
        where metric = 'Invocations' and stat in ('sum', 'max')
        group by name
    ),
    running as (
        select
            resource_id,
            sub_account_id,
            region_id,
            billing_currency,
            regexp_extract(resource_id, '[^:/]+$') as name,
            bool_or(regexp_matches(sku_meter, '(^|-)Host:')) as is_endpoint,
            max(sku_meter) as sku_meter,
            max(pool) as pool,
            max(tags) as tags,
            max(pricing_unit) as pricing_unit,
            max(last_charge) as last_charge,
            sum(quantity) as quantity,
            sum(cost) as cost,
            sum(monthly_cost) as monthly_cost,
            coalesce(sum(monthly_cost) filter (where committed), 0) as committed_cost
        from used
        where
            regexp_matches(sku_meter, '(^|-)(Notebk:|Host:|Studio:[A-Za-z]+-)ml\.')
            and resource_id is not null
        group by resource_id, sub_account_id, region_id, billing_currency
        having
            sum(monthly_cost) > 0
            and sum(quantity) >= $least_share * $days * 24
            and sum(hours_on) >= $least_share * $days * 24
    )
select running.*, invocations
from running
left join told on told.name = running.name and is_endpoint and days_told >= $least_days
order by monthly_cost desc, resource_id
