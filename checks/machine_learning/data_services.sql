-- Which services for data are paid by the hour and were on nearly every hour? One row for each resource, or
-- for an account's region where the bill names none: collections of OpenSearch Serverless, which hold what
-- is searched for models, brokers of MSK, and clusters of EMR (what EMR adds to their instances).
with
    metered as (
        select
            *,
            case
                when regexp_matches(sku_meter, '(^|-)(Indexing|Search)OCU$')
                then 'search collection'
                when regexp_matches(sku_meter, '(^|-)Kafka\.')
                then 'broker'
                when service_code = 'ElasticMapReduce' and regexp_matches(sku_meter, '(^|-)BoxUsage:')
                then 'EMR cluster'
            end as kind
        from used
    )
select
    resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    kind,
    max(tags) as tags,
    max(sku_meter) as sku_meter,
    max(pricing_unit) as pricing_unit,
    max(last_charge) as last_charge,
    sum(quantity) as quantity,
    sum(cost) as cost,
    sum(monthly_cost) as monthly_cost
from metered
where kind is not null
group by resource_id, sub_account_id, region_id, billing_currency, kind
having max(hours_on) >= $least_share * $days * 24 and sum(monthly_cost) >= $least_cost
order by monthly_cost desc, sub_account_id, region_id, resource_id
