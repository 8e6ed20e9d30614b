-- Which trails record management events a second time? One row for each trail, or for an account's region
-- where the bill names none: the first copy is free and has a meter of its own.
select *
from used_by_meter
where regexp_matches(sku_meter, '(^|-)PaidEventsRecorded$') and monthly_cost > 0
order by monthly_cost desc, sub_account_id, region_id, resource_id
