-- Which instances of EC2 could run on AMD? One row for each instance and type, whatever runs on it.
select *
from used_instances
where regexp_matches(sku_meter, '(^|-)BoxUsage:')
order by monthly_cost desc, resource_id
