-- Which small burstable instances ran on demand all the time, and what do metrics say of requests to them?
-- One row for each, with requests of a month and the seconds of one where a file of metrics tells them.
with
    requests as (
        select
            resource_id,
            sum(value) filter (where is_count) as requests,
            date_diff(
                'second', min(start) filter (where is_count), max("end") filter (where is_count)
            ) as seconds,
            avg(value) filter (where not is_count) as request_seconds
        from (select *, metric = 'RequestCount' as is_count from metrics)
        where (metric = 'RequestCount' and stat = 'sum') or (metric = 'TargetResponseTime' and stat = 'avg')
        group by resource_id
    )
select
    used.resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    regexp_extract(sku_meter, ':(.+)$', 1) as instance_type,
    sku_meter,
    max(pool) as pool,
    max(tags) as tags,
    max(pricing_unit) as pricing_unit,
    sum(quantity) as quantity,
    max(last_charge) as last_charge,
    sum(cost) as cost,
    sum(monthly_cost) as monthly_cost,
    cast(max(requests * 730 * 3600 / nullif(seconds, 0)) as decimal(38, 6)) as monthly_requests,
    cast(max(request_seconds) as decimal(38, 6)) as request_seconds
from used
left join requests on requests.resource_id = used.resource_id
where
    regexp_matches(sku_meter, '(^|-)BoxUsage:t[0-9][a-z]*\.(nano|micro|small|medium)$')
    and used.resource_id is not null
    and not committed
    and operation in ('RunInstances', '')
group by used.resource_id, sub_account_id, region_id, billing_currency, sku_meter
having sum(quantity) >= $least_share * $days * 24 and sum(monthly_cost) > 0
order by monthly_cost desc, used.resource_id
