-- What is spent on resources that no tag gives to anybody? One row for each account: what of its resources
-- has no tag that names an owner, of how much that could have one, and which of them cost most.
with
    resources as (
        select
            sub_account_id,
            billing_currency,
            resource_id,
            len(list_filter(map_keys(max(tags)), lambda key:regexp_matches(key, $owned_by))) > 0 as owned,
            cardinality(max(tags)) > 0 as tagged,
            max(last_charge) as last_charge,
            sum(cost) as cost,
            sum(monthly_cost) as monthly_cost
        from used_by_meter
        where resource_id is not null
        group by sub_account_id, billing_currency, resource_id
        having sum(monthly_cost) > 0
    )
select
    sub_account_id,
    billing_currency,
    max(last_charge) as last_charge,
    count(*) filter (where not coalesce(owned, false)) as resources,
    count(*) filter (where tagged) as with_any_tag,
    max_by(resource_id, monthly_cost, 3) filter (where not coalesce(owned, false)) as dearest,
    sum(cost) filter (where not coalesce(owned, false)) as cost,
    sum(monthly_cost) filter (where not coalesce(owned, false)) as monthly_cost,
    sum(monthly_cost) as taggable_cost
from resources
group by sub_account_id, billing_currency
having
    sum(monthly_cost) filter (where not coalesce(owned, false)) >= $least_cost
    and sum(monthly_cost) filter (where not coalesce(owned, false)) >= $least_share * sum(monthly_cost)
order by monthly_cost desc, sub_account_id
