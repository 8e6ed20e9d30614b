-- A month of a carbon export as canonical emissions.
select
    usage_period_start as period_start,
    usage_period_end as period_end,
    payer_account_id as billing_account_id,
    usage_account_id as sub_account_id,
    product_code as x_service_code,
    region_code as region_id,
    location as region_name,
    model_version,
    total_mbm_emissions_value as mbm_emissions,
    total_lbm_emissions_value as lbm_emissions,
    total_scope_1_emissions_value as scope_1_emissions,
    total_scope_2_mbm_emissions_value as scope_2_mbm_emissions,
    total_scope_2_lbm_emissions_value as scope_2_lbm_emissions,
    total_scope_3_mbm_emissions_value as scope_3_mbm_emissions,
    total_scope_3_lbm_emissions_value as scope_3_lbm_emissions,
    coalesce(total_mbm_emissions_unit, total_lbm_emissions_unit) as emission_unit,
    last_refresh_timestamp as estimated_at
from line_items
