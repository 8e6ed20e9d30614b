-- What must hold of every carbon export, by month and payer: how far each test is off, and what it may be.
select
    'every row and its emissions loaded' as name,
    usage_period_start as billing_period_start,
    payer_account_id as billing_account_id,
    coalesce(sum(total_mbm_emissions_value), 0)
    - max(loaded.emissions)
    + count(*)
    - max(loaded.told) as off_by,
    cast(0 as decimal(38, 12)) as tolerance
from line_items
join
    (
        select
            period_start, billing_account_id, coalesce(sum(mbm_emissions), 0) as emissions, count(*) as told
        from emissions
        group by period_start, billing_account_id
    ) as loaded
    on loaded.period_start = usage_period_start
    and loaded.billing_account_id = payer_account_id
group by usage_period_start, payer_account_id
union all
select
    'scopes 1, 2 and 3 make up the market-based emissions',
    usage_period_start,
    payer_account_id,
    sum(
        total_mbm_emissions_value
        - total_scope_1_emissions_value
        - total_scope_2_mbm_emissions_value
        - total_scope_3_mbm_emissions_value
    ),
    cast(count(*) * 0.000001 as decimal(38, 12))
from line_items
where
    total_mbm_emissions_value
    + total_scope_1_emissions_value
    + total_scope_2_mbm_emissions_value
    + total_scope_3_mbm_emissions_value
    is not null
group by usage_period_start, payer_account_id
union all
select
    'scopes 1, 2 and 3 make up the location-based emissions',
    usage_period_start,
    payer_account_id,
    sum(
        total_lbm_emissions_value
        - total_scope_1_emissions_value
        - total_scope_2_lbm_emissions_value
        - total_scope_3_lbm_emissions_value
    ),
    cast(count(*) * 0.000001 as decimal(38, 12))
from line_items
where
    total_lbm_emissions_value
    + total_scope_1_emissions_value
    + total_scope_2_lbm_emissions_value
    + total_scope_3_lbm_emissions_value
    is not null
group by usage_period_start, payer_account_id
union all
select
    'all emissions are in one unit',
    usage_period_start,
    payer_account_id,
    cast(
        count(distinct coalesce(total_mbm_emissions_unit, ''))
        - 1
        + sum(
            case
                when
                    coalesce(total_lbm_emissions_unit, total_mbm_emissions_unit, '')
                    <> coalesce(total_mbm_emissions_unit, '')
                then 1
                else 0
            end
        ) as decimal(38, 12)
    ),
    cast(0 as decimal(38, 12))
from line_items
group by usage_period_start, payer_account_id
