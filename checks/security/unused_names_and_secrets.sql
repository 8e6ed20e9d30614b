-- Which hosted zones, health checks and secrets are held while nobody asks? One row for each. Queries or
-- requests that name no resource may be of any: then nothing of their account is told. A zone is charged
-- once a month, so that each of its days with a charge is a month's.
with
    metered as (
        select
            *,
            case
                when regexp_matches(sku_meter, '(^|-)HostedZone$')
                then 'hosted zone'
                when regexp_matches(sku_meter, '(^|-)Health-Check-(AWS|Non-?AWS)')
                then 'health check'
                when regexp_matches(sku_meter, '(^|-)AWSSecretsManager-Secrets$')
                then 'secret'
            end as kind
        from used
        where service_code in ('AmazonRoute53', 'AWSSecretsManager')
    ),
    asked as (
        select service_code, sub_account_id, resource_id, sum(quantity) as times
        from metered
        where kind is null and regexp_matches(sku_meter, '(Queries|APIRequests?)$') and quantity > 0
        group by service_code, sub_account_id, resource_id
    )
select
    held.resource_id,
    held.sub_account_id,
    held.region_id,
    held.billing_currency,
    held.kind,
    held.service_code in (select service_code from asked) as shown,
    max(held.tags) as tags,
    max(held.sku_meter) as sku_meter,
    max(held.pricing_unit) as pricing_unit,
    case when held.kind <> 'hosted zone' then max(held.last_charge) end as last_charge,
    sum(held.quantity) as quantity,
    sum(held.cost) as cost,
    case
        when held.kind = 'hosted zone' and max(held.days_on) <= 2
        then cast(sum(held.cost) / max(held.days_on) as decimal(38, 12))
        else sum(held.monthly_cost)
    end as monthly_cost
from metered as held
where
    held.kind is not null
    and not exists (
        select 1
        from asked
        where
            asked.service_code = held.service_code
            and asked.sub_account_id = held.sub_account_id
            and (
                asked.resource_id is null
                or held.resource_id is null
                or held.kind = 'health check'
                or asked.resource_id = held.resource_id
            )
    )
group by
    held.resource_id, held.sub_account_id, held.region_id, held.billing_currency, held.kind, held.service_code
having sum(held.monthly_cost) > 0
order by monthly_cost desc, held.sub_account_id, held.resource_id
