-- The canonical table: one row for each charge of an export, whatever the export's own dialect.
-- FOCUS 1.2 names in snake_case; x_ marks what FOCUS lacks. Amounts are in billing_currency, times in UTC.
create table charges (
    -- when
    billing_period_start timestamp,  -- first instant of the month that bills the charge
    billing_period_end timestamp,  -- first instant after that month
    charge_period_start timestamp,  -- first instant the charge is for
    charge_period_end timestamp,  -- first instant after it
    -- who is billed, by whom
    billing_account_id varchar,  -- account that pays
    billing_account_name varchar,
    billing_account_type varchar,
    sub_account_id varchar,  -- account that used
    sub_account_name varchar,
    sub_account_type varchar,
    invoice_id varchar,  -- absent until the invoice is final
    invoice_issuer_name varchar,  -- company that sends the invoice
    provider_name varchar,  -- company that offers the resource
    publisher_name varchar,  -- company that made it
    x_billing_entity varchar,  -- seller of record, such as AWS or AWS Marketplace
    x_bill_type varchar,  -- kind of bill: running, purchase or refund
    -- what
    charge_category varchar,  -- Usage, Purchase, Tax, Credit or Adjustment
    charge_class varchar,  -- Correction where it restates an invoiced month
    charge_description varchar,
    charge_frequency varchar,  -- One-Time, Recurring or Usage-Based
    x_charge_type varchar,  -- the export's own kind of line, as delivered
    x_charge_group varchar,  -- usage, commitment_fee, commitment_unused, support, marketplace, tax, credit, refund, discount, fee, unknown
    service_name varchar,
    service_category varchar,
    service_subcategory varchar,
    x_service_code varchar,  -- stable short name of the service
    x_operation varchar,
    region_id varchar,
    region_name varchar,
    availability_zone varchar,
    resource_id varchar,
    resource_name varchar,
    resource_type varchar,
    x_instance_type varchar,
    x_product_family varchar,
    sku_id varchar,
    sku_meter varchar,  -- what is metered
    sku_price_id varchar,
    sku_price_details map(varchar, varchar),
    -- quantities; they add up only within one unit
    pricing_category varchar,  -- Standard, Dynamic, Committed or Other
    pricing_quantity decimal(38, 12),
    pricing_unit varchar,
    consumed_quantity decimal(38, 12),
    consumed_unit varchar,
    x_normalized_quantity decimal(38, 12),  -- size-normalised units, where the service has sizes
    -- unit prices
    list_unit_price decimal(38, 12),
    contracted_unit_price decimal(38, 12),
    pricing_currency varchar,
    pricing_currency_list_unit_price decimal(38, 12),
    pricing_currency_contracted_unit_price decimal(38, 12),
    pricing_currency_effective_cost decimal(38, 12),
    -- commitments
    commitment_discount_id varchar,
    commitment_discount_name varchar,
    commitment_discount_type varchar,  -- Savings Plan or Reservation
    commitment_discount_category varchar,  -- Spend or Usage
    commitment_discount_status varchar,  -- Used or Unused
    commitment_discount_quantity decimal(38, 12),
    commitment_discount_unit varchar,
    x_commitment_pool varchar,  -- which commitments could pay for it: ec2_instance, compute, sagemaker, database, reservation
    capacity_reservation_id varchar,
    capacity_reservation_status varchar,
    -- money
    billing_currency varchar,
    billed_cost decimal(38, 12),  -- what the invoice asks for
    effective_cost decimal(38, 12),  -- with commitments spread over what used them
    list_cost decimal(38, 12),  -- at public on-demand prices
    contracted_cost decimal(38, 12),  -- at negotiated prices, before commitments
    x_unblended_cost decimal(38, 12),  -- as posted, line by line
    x_net_unblended_cost decimal(38, 12),  -- as posted, private discounts spread
    x_amortized_cost decimal(38, 12),  -- accrual view before private discounts
    x_net_amortized_cost decimal(38, 12),  -- accrual view after private discounts
    x_blended_cost decimal(38, 12),  -- organisation-average rate; for display only
    x_public_on_demand_cost decimal(38, 12),  -- at public on-demand prices, of use alone
    x_unused_cost decimal(38, 12),  -- on a commitment's fee: what of it no use consumed
    x_amortized_upfront_cost decimal(38, 12),  -- this month's part of fees paid up front
    x_upfront_fee decimal(38, 12),  -- fees paid up front in this line
    -- labels
    tags map(varchar, varchar),  -- keys in one spelling: lower case, words joined by _
    x_cost_categories map(varchar, varchar),
    x_discounts map(varchar, decimal(38, 12)),
    -- origin
    x_line_items integer,  -- 1 for a line of the export, 0 for a row derived from others: count lines by its sum
    x_delivery varchar  -- the delivery that held the line: export, period and execution
);
