-- A Cost and Usage Report (2.0 or legacy) as canonical charges, one row for each line item.
-- `line_items` holds the columns of cur.columns.sql, amounts as decimals, absent columns as typed nulls.
-- Split-cost rows restate what other lines charge already, so they are kept apart from the totals.
with
    priced as (
        select
            *,
            coalesce(line_item_net_unblended_cost, line_item_unblended_cost) as net_unblended,
            coalesce(savings_plan_savings_plan_a_r_n, reservation_reservation_a_r_n) as commitment,
            line_item_line_item_type = 'Refund'
            and (
                product_product_name like '%Savings Plan%'
                or line_item_product_code like '%SavingsPlans'
                or reservation_reservation_a_r_n is not null
                or savings_plan_savings_plan_a_r_n is not null
            )
            and line_item_line_item_description like '%one-time fee%' as refunds_upfront_fee,
            case
                when savings_plan_payment_option = 'All Upfront'
                then
                    cast(savings_plan_net_amortized_upfront_commitment_for_billing_period as double)
                    / nullif(cast(savings_plan_amortized_upfront_commitment_for_billing_period as double), 0)
                else
                    cast(savings_plan_net_recurring_commitment_for_billing_period as double)
                    / nullif(cast(savings_plan_recurring_commitment_for_billing_period as double), 0)
            end as net_share
        from line_items
        -- What of its gross price a SKU costs on demand: the negotiated price of reserved usage, which AWS
        -- delivers without one. Read from line_items again, so that nothing wide is kept for it.
        left join
            (
                select
                    product_sku as negotiated_sku,
                    cast(sum(coalesce(line_item_net_unblended_cost, line_item_unblended_cost)) as double)
                    / cast(sum(line_item_unblended_cost) as double) as negotiated_share
                from line_items
                where line_item_line_item_type = 'Usage' and line_item_unblended_cost > 0
                group by product_sku
            ) as negotiated
            on negotiated_sku = product_sku
            and line_item_line_item_type = 'DiscountedUsage'
        where line_item_operation is null or line_item_operation not in ('EKSPod-EC2', 'ECSTask-EC2')
    ),
    measured as (
        select
            *,
            case
                when line_item_line_item_type in ('SavingsPlanCoveredUsage', 'SavingsPlanNegation')
                then 0
                else net_unblended
            end as billed,
            case
                when line_item_line_item_type = 'DiscountedUsage'
                then reservation_effective_cost
                when line_item_line_item_type = 'RIFee'
                then
                    reservation_unused_amortized_upfront_fee_for_billing_period
                    + reservation_unused_recurring_fee
                when line_item_line_item_type = 'SavingsPlanCoveredUsage'
                then savings_plan_savings_plan_effective_cost
                when line_item_line_item_type = 'SavingsPlanRecurringFee'
                then savings_plan_total_commitment_to_date - savings_plan_used_commitment
                when line_item_line_item_type in ('SavingsPlanNegation', 'SavingsPlanUpfrontFee')
                then 0
                when line_item_line_item_type = 'Fee' and reservation_reservation_a_r_n is not null
                then 0
                when refunds_upfront_fee
                then 0
                else line_item_unblended_cost
            end as amortized,
            case
                when line_item_line_item_type = 'DiscountedUsage'
                then coalesce(reservation_net_effective_cost, reservation_effective_cost)
                when line_item_line_item_type = 'RIFee'
                then
                    coalesce(
                        reservation_net_unused_amortized_upfront_fee_for_billing_period,
                        reservation_unused_amortized_upfront_fee_for_billing_period
                    )
                    + coalesce(reservation_net_unused_recurring_fee, reservation_unused_recurring_fee)
                when line_item_line_item_type = 'SavingsPlanCoveredUsage'
                then
                    coalesce(
                        savings_plan_net_savings_plan_effective_cost, savings_plan_savings_plan_effective_cost
                    )
                when line_item_line_item_type = 'SavingsPlanRecurringFee' and net_share is not null
                then
                    cast(
                        cast(savings_plan_total_commitment_to_date - savings_plan_used_commitment as double)
                        * net_share as decimal(38, 12)
                    )
                when line_item_line_item_type = 'SavingsPlanRecurringFee'
                then savings_plan_total_commitment_to_date - savings_plan_used_commitment
                when line_item_line_item_type in ('SavingsPlanNegation', 'SavingsPlanUpfrontFee')
                then 0
                when line_item_line_item_type = 'Fee' and reservation_reservation_a_r_n is not null
                then 0
                when refunds_upfront_fee
                then 0
                else net_unblended
            end as net_amortized
        from priced
    )
select
    bill_billing_period_start_date as billing_period_start,
    bill_billing_period_end_date as billing_period_end,
    line_item_usage_start_date as charge_period_start,
    line_item_usage_end_date as charge_period_end,
    bill_payer_account_id as billing_account_id,
    bill_payer_account_name as billing_account_name,
    line_item_usage_account_id as sub_account_id,
    line_item_usage_account_name as sub_account_name,
    bill_invoice_id as invoice_id,
    coalesce(bill_invoicing_entity, line_item_legal_entity) as invoice_issuer_name,
    'AWS' as provider_name,
    line_item_legal_entity as publisher_name,
    bill_billing_entity as x_billing_entity,
    bill_bill_type as x_bill_type,
    case
        when line_item_line_item_type = 'Tax'
        then 'Tax'
        when line_item_line_item_type = 'Credit'
        then 'Credit'
        when refunds_upfront_fee  -- the category of what is given back, where that is known
        then 'Purchase'
        when line_item_line_item_type = 'Refund'
        then 'Adjustment'
        when
            line_item_line_item_type
            in ('Fee', 'RIFee', 'SavingsPlanRecurringFee', 'SavingsPlanUpfrontFee', 'FlatRateSubscription')
        then 'Purchase'
        else 'Usage'
    end as charge_category,
    case
        when bill_bill_type = 'Refund' or line_item_usage_start_date < bill_billing_period_start_date
        then 'Correction'
    end as charge_class,
    line_item_line_item_description as charge_description,
    case
        when line_item_line_item_type in ('RIFee', 'SavingsPlanRecurringFee', 'FlatRateSubscription')
        then 'Recurring'
        when line_item_line_item_type in ('Fee', 'SavingsPlanUpfrontFee', 'Credit', 'Refund')
        then 'One-Time'
        else 'Usage-Based'
    end as charge_frequency,
    line_item_line_item_type as x_charge_type,
    case
        when line_item_line_item_type = 'Tax'
        then 'tax'
        when line_item_line_item_type = 'Credit'
        then 'credit'
        when line_item_line_item_type = 'Refund'
        then 'refund'
        when bill_billing_entity = 'AWS Marketplace'
        then 'marketplace'
        when line_item_product_code like '%Support%'
        then 'support'
        when
            line_item_line_item_type in ('RIFee', 'SavingsPlanRecurringFee', 'SavingsPlanUpfrontFee')
            or (line_item_line_item_type = 'Fee' and reservation_reservation_a_r_n is not null)
        then 'commitment_fee'
        when line_item_line_item_type in ('Fee', 'FlatRateSubscription')
        then 'fee'
        when
            line_item_line_item_type in (
                'EdpDiscount',
                'PrivateRateDiscount',
                'BundledDiscount',
                'RiVolumeDiscount',
                'SppDiscount',
                'DistributorDiscount',
                'Discount'
            )
        then 'discount'
        when
            line_item_line_item_type
            in ('Usage', 'DiscountedUsage', 'SavingsPlanCoveredUsage', 'SavingsPlanNegation')
        then 'usage'
        else 'unknown'
    end as x_charge_group,
    coalesce(product_product_name, line_item_product_code) as service_name,
    line_item_product_code as x_service_code,
    line_item_operation as x_operation,
    coalesce(product_region_code, product_region) as region_id,
    product_location as region_name,
    line_item_availability_zone as availability_zone,
    line_item_resource_id as resource_id,
    product_instance_type as x_instance_type,
    product_product_family as x_product_family,
    product_sku as sku_id,
    line_item_usage_type as sku_meter,
    pricing_rate_id as sku_price_id,
    case
        when line_item_line_item_type = 'Tax'
        then null
        when line_item_line_item_type in ('DiscountedUsage', 'SavingsPlanCoveredUsage')
        then 'Committed'
        when line_item_usage_type like '%SpotUsage%'
        then 'Dynamic'
        else 'Standard'
    end as pricing_category,
    line_item_usage_amount as pricing_quantity,
    pricing_unit,
    line_item_usage_amount as consumed_quantity,
    pricing_unit as consumed_unit,
    line_item_normalized_usage_amount as x_normalized_quantity,
    try_cast(pricing_public_on_demand_rate as decimal(38, 12)) as list_unit_price,
    commitment as commitment_discount_id,
    case
        when savings_plan_savings_plan_a_r_n is not null
        then 'Savings Plan'
        when reservation_reservation_a_r_n is not null
        then 'Reservation'
    end as commitment_discount_type,
    case
        when savings_plan_savings_plan_a_r_n is not null
        then 'Spend'
        when reservation_reservation_a_r_n is not null
        then 'Usage'
    end as commitment_discount_category,
    case
        when line_item_line_item_type in ('DiscountedUsage', 'SavingsPlanCoveredUsage') then 'Used'
    end as commitment_discount_status,
    capacity_reservation_capacity_reservation_arn as capacity_reservation_id,
    capacity_reservation_capacity_reservation_status as capacity_reservation_status,
    line_item_currency_code as billing_currency,
    billed as billed_cost,
    case
        when line_item_line_item_type in ('RIFee', 'SavingsPlanRecurringFee') and net_amortized is not null
        then 0  -- a purchase has no effective cost; what it left unused is a row of its own
        else net_amortized
    end as effective_cost,
    case
        when
            line_item_line_item_type
            in ('SavingsPlanNegation', 'RIFee', 'SavingsPlanRecurringFee', 'SavingsPlanUpfrontFee')
            or (line_item_line_item_type = 'Fee' and reservation_reservation_a_r_n is not null)
            or refunds_upfront_fee
        then 0
        when line_item_line_item_type in ('DiscountedUsage', 'SavingsPlanCoveredUsage')
        then pricing_public_on_demand_cost
        else coalesce(nullif(pricing_public_on_demand_cost, 0), billed)
    end as list_cost,
    case
        when line_item_line_item_type = 'SavingsPlanCoveredUsage'
        then net_unblended
        when line_item_line_item_type = 'DiscountedUsage' and negotiated_share is not null
        then cast(cast(pricing_public_on_demand_cost as double) * negotiated_share as decimal(38, 12))
        when line_item_line_item_type = 'DiscountedUsage'
        then pricing_public_on_demand_cost
        else billed
    end as contracted_cost,
    line_item_unblended_cost as x_unblended_cost,
    net_unblended as x_net_unblended_cost,
    amortized as x_amortized_cost,
    net_amortized as x_net_amortized_cost,
    line_item_blended_cost as x_blended_cost,
    case
        when
            line_item_line_item_type
            in ('SavingsPlanNegation', 'RIFee', 'SavingsPlanRecurringFee', 'SavingsPlanUpfrontFee')
        then 0
        when line_item_line_item_type in ('Tax', 'Credit', 'Refund')
        then 0
        when bill_billing_entity = 'AWS Marketplace' or line_item_line_item_type = 'FlatRateSubscription'
        then coalesce(nullif(pricing_public_on_demand_cost, 0), line_item_unblended_cost)
        else coalesce(pricing_public_on_demand_cost, 0)
    end as x_public_on_demand_cost,
    case
        when line_item_line_item_type in ('RIFee', 'SavingsPlanRecurringFee') then net_amortized
    end as x_unused_cost,
    case
        when line_item_line_item_type = 'SavingsPlanRecurringFee'
        then coalesce(savings_plan_amortized_upfront_commitment_for_billing_period, 0)
        when line_item_line_item_type = 'RIFee'
        then coalesce(reservation_amortized_upfront_fee_for_billing_period, 0)
        else 0
    end as x_amortized_upfront_cost,
    case
        when
            line_item_line_item_type = 'SavingsPlanUpfrontFee'
            or (line_item_line_item_type = 'Fee' and reservation_reservation_a_r_n is not null)
            or refunds_upfront_fee
        then line_item_unblended_cost
        else 0
    end as x_upfront_fee,
    tags,
    cost_category as x_cost_categories,
    discount as x_discounts,
    1 as x_line_items
from measured
