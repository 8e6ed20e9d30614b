-- Which instances could run on Graviton? One row for each instance and type, of EC2 without Windows or SQL
-- Server, RDS of open engines and Aurora, ElastiCache and OpenSearch.
select *
from used_instances
where
    case
        when service_code = 'AmazonEC2'
        then operation in ('RunInstances', 'RunInstances:0010', 'RunInstances:000g')  -- Linux, Red Hat, SUSE
        when service_code = 'AmazonRDS'
        then regexp_matches(operation, ':00(02|14|16|18|21)$')  -- MySQL, PostgreSQL, MariaDB, Aurora
        else service_code in ('AmazonElastiCache', 'AmazonES')
    end
order by monthly_cost desc, resource_id
