-- What is known of each commitment: one row for each commitment, day and owner that its fees tell of.
-- What a fee says of several days is spread over them: what was held by hours in force, what went unused by
-- what its use left of each day. Amounts are in billing_currency.
create table commitments (
    billing_period_start timestamp,  -- first instant of the month that bills the fee
    charge_date date,
    billing_account_id varchar,  -- account that pays
    sub_account_id varchar,  -- account that owns the commitment
    sub_account_name varchar,
    service_name varchar,  -- as the fee has it
    x_service_code varchar,
    region_id varchar,
    commitment_discount_id varchar,
    commitment_discount_type varchar,  -- Savings Plan or Reservation
    x_commitment_pool varchar,  -- as of a charge: which use it pays for, as far as the offering says
    offering varchar,  -- such as ComputeSavingsPlans, EC2InstanceSavingsPlans, standard, convertible
    scope varchar,  -- Region, or the availability zone of a zonal reservation; of reservations alone
    instance_family varchar,
    instance_type varchar,
    term varchar,  -- such as 1yr
    payment_option varchar,  -- No, Partial or All Upfront
    starts_at timestamp,
    ends_at timestamp,
    reserved_count decimal(38, 12),  -- of reservations: how many
    hourly_commitment decimal(38, 12),  -- of Savings Plans: what each hour commits to
    total_commitment decimal(38, 12),  -- of Savings Plans: what the day committed to
    used_commitment decimal(38, 12),
    reserved_units decimal(38, 12),  -- of reservations: normalised units times hours, where it has sizes
    unused_units decimal(38, 12),
    reserved_hours decimal(38, 12),  -- of reservations: machines times hours
    unused_hours decimal(38, 12),
    recurring_fee decimal(38, 12),  -- as posted
    amortized_upfront decimal(38, 12),  -- the day's part of what was paid up front
    unused_cost decimal(38, 12),  -- amortized, before private discounts
    net_unused_cost decimal(38, 12),  -- amortized, after private discounts
    billing_currency varchar,
    tags map(varchar, varchar),  -- of its fees in the month
    x_cost_categories map(varchar, varchar),
    x_delivery varchar  -- the delivery that held the fee: export, period and execution
);
