-- What does it cost to record data events in trails? One row for each trail, or for an account's region
-- where the bill names none.
select *
from used_by_meter
where regexp_matches(sku_meter, '(^|-)DataEventsRecorded$') and monthly_cost >= $least_cost
order by monthly_cost desc, sub_account_id, region_id, resource_id
