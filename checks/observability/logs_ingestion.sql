-- What did log groups of the standard class take in? One row for each log group, or for an account's region
-- where the bill names none, and way in.
select *
from used_by_meter
where
    service_code = 'AmazonCloudWatch'
    and regexp_matches(sku_meter, '(^|-)(DataProcessing|VendedLog)-Bytes(-[A-Za-z]+)?$')
    and monthly_cost >= $least_cost
order by monthly_cost desc, sub_account_id, region_id, resource_id
