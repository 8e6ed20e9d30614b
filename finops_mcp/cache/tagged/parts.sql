-- What was spent on each combination of what is told, by what of it can carry a tag at all? A resource is
-- counted once, in the row where most was spent on it.
with
    of_resources as (
        select
            columns($told),
            billing_currency,
            in_account as of_account,
            "resource_id" as of_resource,
            case
                when x_charge_group not in ('usage', 'marketplace')
                then x_charge_group
                when in_category <> 'Usage'
                then lower(in_category)
                when "resource_id" is null
                then 'no resource'
                else 'taggable'
            end as reach,
            sum(columns([$metric])) as cost
        from selection
        group by all
    ),
    counted as (
        select
            *,
            reach = 'taggable'
            and row_number() over (
                partition by billing_currency, of_account, of_resource
                order by reach = 'taggable' desc, cost desc, to_json([*columns($told)])
            )
            = 1 as is_counted
        from of_resources
    )
select columns($told), billing_currency, reach, sum(cost) as cost, count_if(is_counted) as resources
from counted
group by all
order by cost desc
limit $top
