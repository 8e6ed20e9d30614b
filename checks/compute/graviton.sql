-- Which instances could run on Graviton? One row for each instance and type, of EC2 without Windows or SQL
-- Server, RDS of open engines and Aurora, ElastiCache and OpenSearch; what a reservation pays for is left
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
    and case
        when service_code = 'AmazonEC2'
        then operation in ('RunInstances', 'RunInstances:0010', 'RunInstances:000g')  -- Linux, Red Hat, SUSE
        when service_code = 'AmazonRDS'
        then regexp_matches(operation, ':00(02|14|16|18|21)$')  -- MySQL, PostgreSQL, MariaDB, Aurora
        else service_code in ('AmazonElastiCache', 'AmazonES')
    end
group by resource_id, sub_account_id, region_id, billing_currency, service_code, operation, sku_meter
having sum(monthly_cost) > 0
order by monthly_cost desc, resource_id
