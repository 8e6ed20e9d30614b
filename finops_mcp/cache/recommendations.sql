-- What Cost Optimization Hub recommends: one row for each recommendation of the newest snapshot of an
-- account.
-- Amounts are estimates in billing_currency, for a month.
create table recommendations (
    snapshot_date date,  -- day of the snapshot that told it
    first_seen date,  -- day of the first snapshot this cache loaded that told it
    recommendation_id varchar,
    counts boolean,  -- true for the one recommendation of a resource whose savings may be added up
    action_type varchar,  -- such as Stop, Rightsize, Upgrade, MigrateToGraviton, PurchaseSavingsPlans
    sub_account_id varchar,  -- account that uses the resource
    sub_account_name varchar,
    resource_id varchar,  -- ARN of the resource; absent where a commitment is recommended
    resource_type varchar,
    resource_summary varchar,
    resource_details varchar,  -- JSON, as delivered
    recommended_resource_type varchar,
    recommended_resource_summary varchar,
    recommended_resource_details varchar,  -- JSON, as delivered
    region_id varchar,
    billing_currency varchar,
    monthly_cost_before_discounts decimal(38, 12),
    monthly_cost_after_discounts decimal(38, 12),
    monthly_savings_before_discounts decimal(38, 12),
    monthly_savings_after_discounts decimal(38, 12),  -- what would be saved, commitments and discounts in view
    savings_percentage_before_discounts decimal(38, 12),
    savings_percentage_after_discounts decimal(38, 12),
    implementation_effort varchar,  -- VeryLow, Low, Medium, High or VeryHigh
    restart_needed boolean,
    rollback_possible boolean,
    lookback_days integer,  -- days of use that were looked at
    recommended_by varchar,  -- service that recommends it
    recommended_at timestamp,
    tags map(varchar, varchar),  -- keys in one spelling: lower case, words joined by _
    x_delivery varchar  -- the delivery that held it: export, snapshot and execution
);
