-- What does each WorkSpace cost in its running mode, and for how many hours is it used? One row for each
-- that kept its mode: hours are metered where it stops by itself, and told by metrics where it is always
-- on.
with
    told as (
        select
            regexp_extract(resource_id, '[^/]+$') as name,
            avg(value) as share_connected,
            date_diff('day', min("start"), max("end")) as days_told
        from metrics
        where metric = 'UserConnected' and stat = 'avg'
        group by name
    ),
    spaces as (
        select
            resource_id,
            sub_account_id,
            region_id,
            billing_currency,
            service_code,
            regexp_extract(resource_id, '[^/]+$') as name,
            regexp_replace(sku_meter, '-AutoStop-(User|Usage)$', '') as bundle,
            bool_or(sku_meter like '%-AutoStop-%') as stops,
            max(sku_meter) as sku_meter,
            max(tags) as tags,
            max(last_charge) as last_charge,
            coalesce(sum(monthly_quantity) filter (where sku_meter like '%-AutoStop-Usage'), 0) as hours,
            coalesce(sum(monthly_cost) filter (where sku_meter like '%-AutoStop-Usage'), 0) as cost_of_hours,
            sum(cost) as cost,
            sum(monthly_cost) as monthly_cost
        from used_by_meter
        where
            service_code = 'AmazonWorkSpaces'
            and regexp_matches(sku_meter, '(^|-)AW-HWU?-[0-9]+(-AutoStop-(User|Usage))?$')
            and resource_id is not null
        group by resource_id, sub_account_id, region_id, billing_currency, service_code, bundle
        having bool_and(sku_meter like '%-AutoStop-%') or bool_and(sku_meter not like '%-AutoStop-%')
    )
select spaces.*, share_connected
from spaces
left join told on told.name = spaces.name and days_told >= $least_days
where monthly_cost > 0
order by monthly_cost desc, resource_id
