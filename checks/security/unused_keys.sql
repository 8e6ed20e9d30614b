-- Which keys of KMS are held while nobody asks for them? One row for each. A request that names no key may
-- be of any: then nothing of its account is told. `shown` says whether the bill tells of any request at
-- all.
with
    asked as (
        select sub_account_id, resource_id
        from used_by_meter
        where service_code = 'awskms' and regexp_matches(sku_meter, '(^|-)KMS-Requests') and quantity > 0
    )
select *, exists (select 1 from asked) as shown
from used_by_meter
where
    service_code = 'awskms'
    and regexp_matches(sku_meter, '(^|-)KMS-Keys$')
    and resource_id is not null
    and monthly_cost > 0
    and resource_id not in (select resource_id from asked where resource_id is not null)
    and sub_account_id not in (select sub_account_id from asked where resource_id is null)
order by monthly_cost desc, sub_account_id, resource_id
