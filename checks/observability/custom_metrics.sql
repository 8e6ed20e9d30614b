-- What do custom metrics, and asking for metrics, cost? One row for each account's region, and of the two.
select *, sku_meter like '%GMD-Metrics' as is_asking
from used_by_meter
where regexp_matches(sku_meter, '(^|-)CW:(MetricMonitorUsage|GMD-Metrics)$') and monthly_cost >= $least_cost
order by monthly_cost desc, sub_account_id, region_id, resource_id
