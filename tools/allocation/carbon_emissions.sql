-- What was emitted, by which part, and what did the same use cost? One row for each part and currency, the
-- largest first. Of each month of a payer one model speaks; cost is that of closed months, of the charges of
-- the same payer, account, service and region.
with
    chosen as (
        select
            unnest($payers) as payer,
            unnest($months) as in_month,
            unnest($models) as model,
            unnest($closed) as closed
    ),
    names as (
        select in_account, arg_max(sub_account_name, "month") as known_name from selection group by in_account
    ),
    paid as (
        select
            billing_account_id,
            "month" as in_month,
            case when count(distinct billing_currency) = 1 then min(billing_currency) end as billing_currency
        from selection
        group by all
    ),
    spent as (
        select
            billing_account_id,
            "month" as in_month,
            in_account,
            service_code,
            in_region,
            sum(columns([$metric])) as cost
        from selection
        where $scope = 'bill' or in_category not in ('Tax', 'Credit')
        group by all
        having count(distinct billing_currency) = 1
    ),
    told as (
        select
            e.billing_account_id,
            strftime(e.period_start, '%Y-%m') as in_month,
            e.sub_account_id,
            e.x_service_code as service_code,
            e.region_id,
            any_value(chosen.closed) as closed,
            sum(e.mbm_emissions) as mbm,
            sum(e.lbm_emissions) as lbm
        from emissions as e
        join
            chosen
            on chosen.payer is not distinct from e.billing_account_id
            and chosen.in_month = strftime(e.period_start, '%Y-%m')
            and chosen.model is not distinct from e.model_version
        group by
            e.billing_account_id,
            strftime(e.period_start, '%Y-%m'),
            e.sub_account_id,
            e.x_service_code,
            e.region_id
    ),
    priced as (
        select
            t.billing_account_id,
            t.sub_account_id,
            coalesce(names.known_name, t.sub_account_id) as sub_account_name,
            t.service_code,
            t.region_id,
            t.in_month as "month",
            t.mbm,
            t.lbm,
            paid.billing_currency,
            case when t.closed then spent.cost end as cost
        from told as t
        left join
            spent
            on spent.billing_account_id is not distinct from t.billing_account_id
            and spent.in_month = t.in_month
            and spent.in_account is not distinct from t.sub_account_id
            and spent.service_code is not distinct from t.service_code
            and spent.in_region is not distinct from t.region_id
        left join
            paid
            on paid.billing_account_id is not distinct from t.billing_account_id
            and paid.in_month = t.in_month
        left join names on names.in_account is not distinct from t.sub_account_id
    ),
    parts as (
        select
            columns($dimension),
            billing_currency,
            sum(mbm) as mbm_emissions,
            sum(lbm) as lbm_emissions,
            sum(mbm) filter (where cost is not null) as mbm_costed,
            sum(lbm) filter (where cost is not null) as lbm_costed,
            sum(cost) as cost
        from priced
        group by all
    )
select *, count(*) over () as total_rows
from parts
order by
    coalesce(mbm_emissions, lbm_emissions) desc nulls last, columns($dimension), billing_currency nulls last
