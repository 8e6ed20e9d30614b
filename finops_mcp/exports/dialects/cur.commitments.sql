-- What the recurring fees of commitments say of them: one row for each commitment, owner and first day of a
-- fee.
-- Lines of covered use often lack these words, so that fees alone are read.
with
    fees as (
        select
            *,
            coalesce(savings_plan_savings_plan_a_r_n, reservation_reservation_a_r_n) as commitment,
            line_item_line_item_type = 'RIFee' as of_reservation,
            coalesce(
                product_instance_type,
                case
                    when line_item_line_item_type = 'RIFee'
                    then nullif(split_part(line_item_usage_type, ':', 2), '')
                end
            ) as machine,
            cast(date_diff('second', line_item_usage_start_date, line_item_usage_end_date) as double)
            / 3600 as hours
        from line_items
        where line_item_line_item_type in ('RIFee', 'SavingsPlanRecurringFee')
    )
select
    bill_billing_period_start_date as billing_period_start,
    cast(line_item_usage_start_date as date) as charge_date,
    bill_payer_account_id as billing_account_id,
    line_item_usage_account_id as sub_account_id,
    commitment as commitment_discount_id,
    line_item_currency_code as billing_currency,
    max(coalesce(savings_plan_region, product_region_code, product_region)) as region_id,
    max(coalesce(savings_plan_offering_type, pricing_offering_class)) as offering,
    max(case when of_reservation then coalesce(reservation_availability_zone, 'Region') end) as scope,
    max(machine) as instance_type,
    max(
        coalesce(savings_plan_instance_type_family, regexp_replace(machine, '\.[^.]+$', ''))
    ) as instance_family,
    max(coalesce(savings_plan_purchase_term, pricing_lease_contract_length)) as term,
    max(coalesce(savings_plan_payment_option, pricing_purchase_option)) as payment_option,
    min(try_cast(coalesce(savings_plan_start_time, reservation_start_time) as timestamp)) as starts_at,
    max(try_cast(coalesce(savings_plan_end_time, reservation_end_time) as timestamp)) as ends_at,
    min(line_item_usage_start_date) as fee_from,
    max(
        case
            when extract(second from line_item_usage_end_date) = 59  -- the last second there is, not the first after
            then line_item_usage_end_date + interval '1' second
            else line_item_usage_end_date
        end
    ) as fee_until,
    max(try_cast(reservation_number_of_reservations as decimal(38, 12))) as reserved_count,
    max(
        case
            when hours > 0
            then cast(cast(savings_plan_total_commitment_to_date as double) / hours as decimal(38, 12))
        end
    ) as hourly_commitment,
    sum(savings_plan_total_commitment_to_date) as total_commitment,
    sum(savings_plan_used_commitment) as used_commitment,
    sum(reservation_unused_normalized_unit_quantity) as unused_units,
    sum(reservation_unused_quantity) as unused_hours
from fees
where commitment is not null
group by
    bill_billing_period_start_date,
    cast(line_item_usage_start_date as date),
    bill_payer_account_id,
    line_item_usage_account_id,
    commitment,
    line_item_currency_code
