-- Which Lambda functions does Compute Optimizer say have too much memory? One row for each, what it tells
-- beside
-- what the bill says that the function costs.
with
    paid as (
        select
            resource_id,
            billing_currency,
            max(sub_account_id) as sub_account_id,
            max(region_id) as region_id,
            max(pool) as pool,
            max(tags) as tags,
            max(last_charge) as last_charge,
            sum(monthly_cost) as monthly_cost,
            coalesce(sum(monthly_cost) filter (where committed), 0) as committed_cost
        from used
        where regexp_matches(sku_meter, '(^|-)Lambda-GB-Second(-ARM)?$')
        group by resource_id, billing_currency
    )
select
    paid.*,
    told.current_configuration,
    told.recommended_configuration,
    told.lookback_days,
    coalesce(told.monthly_saving_after_discounts, told.monthly_saving) as told_saving,
    told.monthly_saving_after_discounts is not null as after_discounts
from paid
inner join optimizer as told on told.resource_id = paid.resource_id and told.currency = paid.billing_currency
where
    told.resource_type ilike '%lambda%'
    and coalesce(told.monthly_saving_after_discounts, told.monthly_saving) > 0
order by told_saving desc, paid.resource_id
