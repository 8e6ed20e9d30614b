-- Which instances of families that have a follower ran? One row for each instance and type, of EC2, RDS,
-- ElastiCache and OpenSearch; what a reservation pays for is bound to its family, and left out.
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
    and regexp_matches(sku_meter, ':(db\.|cache\.)?(t1|t2|m1|m3|m4|c3|c4|r3|r4)\.')
group by resource_id, sub_account_id, region_id, billing_currency, service_code, operation, sku_meter
having sum(monthly_cost) > 0
order by monthly_cost desc, resource_id
