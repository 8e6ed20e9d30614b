-- Which resources have carried several values of a tag? One row for each with costs in the months asked for,
-- the dearest first, its values in the order in which they appeared.
with
    seen as (
        select
            billing_currency,
            in_account as account,
            "resource_id" as resource,
            columns([$key]) as value,
            min("month") as first_month,
            max("month") as last_month,
            max("sub_account_name") as account_name,
            sum(columns([$metric])) filter ("month" >= $first and "month" < $after) as cost,
        from selection
        where "resource_id" is not null and x_charge_group in ('usage', 'marketplace')
        group by all
    ),
    changed as (
        select
            billing_currency,
            account,
            resource,
            max(account_name) as account_name,
            list(value order by first_month, last_month, value) filter (value is not null) as found,
            list(first_month order by first_month, last_month, value) filter (value is not null) as since,
            sum(cost) as cost,
        from seen
        group by all
    )
select
    billing_currency,
    account,
    account_name,
    resource,
    found,
    since[-1] as changed_in,
    cost,
    sum(cost) over (partition by billing_currency) as total,
    count(*) over (partition by billing_currency) as resources
from changed
where len(found) > 1 and cost is not null
order by cost desc, account, resource
limit $top
