-- What goes straight to the internet where the whole bill has no CloudFront? One row for each payer; what
-- S3 and load balancers send, mostly HTTP, apart.
select
    billing_account_id,
    billing_currency,
    max(sku_meter) as sku_meter,
    max(pricing_unit) as pricing_unit,
    max(last_charge) as last_charge,
    sum(quantity) as quantity,
    sum(cost) as cost,
    sum(monthly_quantity) as monthly_gb,
    sum(monthly_cost) as monthly_cost,
    coalesce(sum(monthly_quantity) filter (where service_code in ('AmazonS3', 'AWSELB')), 0) as web_gb,
    coalesce(sum(monthly_cost) filter (where service_code in ('AmazonS3', 'AWSELB')), 0) as web_cost
from used
where
    regexp_matches(sku_meter, '(^|-)DataTransfer-Out-Bytes$')
    and service_code in ('AmazonEC2', 'AmazonS3', 'AWSELB', 'AWSDataTransfer')
    and billing_account_id not in (
        select billing_account_id
        from used
        where service_code = 'AmazonCloudFront' and billing_account_id is not null
    )
group by billing_account_id, billing_currency
having sum(monthly_quantity) >= $least_gb and sum(monthly_cost) > 0
order by monthly_cost desc, billing_account_id
