-- Of what in Bedrock do metrics of two weeks have no call? One row for each and its meter; which of them is
-- throughput that is paid by the hour is for the check to read.
with
    told as (
        select
            regexp_extract(resource_id, '[^/]+$') as name,
            max(value) as most_invocations,
            date_diff('day', min("start"), max("end")) as days_told
        from metrics
        where metric = 'Invocations'
        group by name
    )
select used_by_meter.*, name, days_told
from used_by_meter
join told on name = regexp_extract(used_by_meter.resource_id, '[^/]+$')
where
    regexp_matches(service_code || '/' || service_name, 'Bedrock')
    and most_invocations = 0
    and days_told >= $least_days
    and monthly_cost > 0
order by monthly_cost desc, used_by_meter.resource_id
