-- What carbon the use of a month caused, as estimated: one row for each account, service, region and model.
-- Add up one column only, of rows with model_in_force: the two methods tell the same emissions twice, and
-- scopes are parts.
create table emissions (
    period_start timestamp,  -- first instant of the month
    period_end timestamp,
    billing_account_id varchar,  -- account that pays
    sub_account_id varchar,  -- account that used
    x_service_code varchar,  -- stable short name of the service
    region_id varchar,
    region_name varchar,
    model_version varchar,  -- model that made the estimate; a step between months of two models is methodology
    model_in_force boolean,  -- true for the newest model that tells the month of the payer
    mbm_emissions decimal(38, 12),  -- market-based: with the renewable energy bought in view
    lbm_emissions decimal(38, 12),  -- location-based: as the grid of the region emits
    scope_1_emissions decimal(38, 12),  -- parts of both methods
    scope_2_mbm_emissions decimal(38, 12),
    scope_2_lbm_emissions decimal(38, 12),
    scope_3_mbm_emissions decimal(38, 12),
    scope_3_lbm_emissions decimal(38, 12),
    emission_unit varchar,  -- MTCO2e: tonnes
    estimated_at timestamp,
    x_delivery varchar  -- the delivery that held it: export, month, model and execution
);
