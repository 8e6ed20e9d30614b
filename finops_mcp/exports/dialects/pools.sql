-- Which commitments could pay for a charge (domain rule B.2), whether or not one did. With pricing_category
-- it
-- tells all: Standard is eligible on demand, Dynamic is spot, Committed is covered. Absent where none could.
-- ec2_instance  machines of EC2: reservations, EC2 Instance and Compute Savings Plans
-- compute       Lambda's time and Fargate: Compute Savings Plans
-- sagemaker     machines of SageMaker: its Savings Plans
-- database      use of databases: Database Savings Plans, and reservations where it is a machine
-- reservation   machines that reservations alone pay for
select
    *,
    case
        when x_charge_group <> 'usage' or x_charge_type = 'SavingsPlanNegation'
        then null
        when sku_meter like '%Bytes%' or sku_meter like '%DataXfer%'
        then null
        when x_service_code = 'AmazonEC2' and x_operation like '%RunInstances%'
        then 'ec2_instance'
        when
            sku_meter like '%Fargate%'
            or sku_meter like '%Lambda-GB-Second%'
            or sku_meter like '%Lambda-Provisioned%'
        then 'compute'
        when x_service_code = 'AmazonSageMaker' and sku_meter like '%:ml.%'
        then 'sagemaker'
        when sku_meter like '%ExtendedSupport%' or sku_meter like '%Proxy%'
        then null
        when
            x_service_code = 'AmazonDynamoDB'
            and (sku_meter like '%RequestUnits%' or sku_meter like '%CapacityUnit-Hrs%')
        then 'database'
        when
            x_service_code in ('AmazonRDS', 'AmazonDocDB', 'AmazonNeptune')
            and sku_meter like '%Serverless%Usage%'
        then 'database'
        when
            x_service_code in ('AmazonRDS', 'AmazonDocDB', 'AmazonNeptune')
            and (sku_meter like '%:db._7%' or sku_meter like '%:db._8%' or sku_meter like '%:db._9%')
        then 'database'
        when
            sku_meter like '%:db.%'
            or sku_meter like '%NodeUsage:cache.%'
            or (x_service_code = 'AmazonRedshift' and sku_meter like '%Node:%')
            or (x_service_code = 'AmazonES' and sku_meter like '%ESInstance:%')
        then 'reservation'
    end as x_commitment_pool
from delivered
