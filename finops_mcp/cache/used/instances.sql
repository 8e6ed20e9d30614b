-- Which instances of EC2, RDS, ElastiCache and OpenSearch ran, by type and what runs on them? One row for
-- each,
-- with the part of its month that plans pay; what a reservation pays for is bound to its family, and left
-- out.
select
    resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    service_code,
    operation,
    sku_meter,
    regexp_extract(sku_meter, ':(.+)$', 1) as instance_type,
    max(pool) as pool,
    max(tags) as tags,
    max(pricing_unit) as pricing_unit,
    sum(quantity) as quantity,
    max(last_charge) as last_charge,
    sum(cost) as cost,
    sum(monthly_quantity) as monthly_quantity,
    sum(monthly_cost) as monthly_cost,
    coalesce(sum(monthly_cost) filter (where committed), 0) as committed_cost
from used
where
    regexp_matches(sku_meter, '(^|-)(BoxUsage|InstanceUsage|Multi-AZUsage|NodeUsage|ESInstance):.+')
    and resource_id is not null
    and commitment_type is distinct from 'Reservation'
group by resource_id, sub_account_id, region_id, billing_currency, service_code, operation, sku_meter
having sum(monthly_cost) > 0
