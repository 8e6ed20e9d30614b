-- The current deliveries as one table, in the export's own words and in exact decimals: every column of the
-- files, and the measures of domain section A.2 beside them. `delivered` is every row of the files that the
-- manifests name. Written anew from the rules: nothing here knows how the product computes anything.
create table bill as
with
    -- Split cost allocation restates other lines (rule 0.2).
    charged as (
        select * from delivered
        where coalesce(line_item_operation, '') not in ('EKSPod-EC2', 'ECSTask-EC2')
    ),
    ruled as (
        select
            *,
            line_item_line_item_type as kind,
            line_item_currency_code as currency,
            strftime(bill_billing_period_start_date, '%Y-%m') as month,
            cast(line_item_usage_start_date as date) as day,
            line_item_unblended_cost as U,
            coalesce(line_item_net_unblended_cost, line_item_unblended_cost) as N,
            -- What of a plan's fee is paid after the private discount; here 0.9 or 1, so two places are exact.
            cast(coalesce(round(case
                when savings_plan_payment_option = 'All Upfront' then
                    savings_plan_net_amortized_upfront_commitment_for_billing_period
                    / nullif(savings_plan_amortized_upfront_commitment_for_billing_period, 0)
                else
                    savings_plan_net_recurring_commitment_for_billing_period
                    / nullif(savings_plan_recurring_commitment_for_billing_period, 0)
            end, 2), 1) as decimal(3, 2)) as r,
            line_item_line_item_type = 'Fee' and reservation_reservation_a_r_n is not null as buys_reservation,
            line_item_line_item_type = 'Refund' and line_item_product_code = 'ComputeSavingsPlans'
                and line_item_line_item_description like 'Refund for one-time fee%' as gives_back_purchase
        from charged
    )
select
    *,
    case
        when kind = 'DiscountedUsage' then reservation_effective_cost
        when kind = 'RIFee' then
            reservation_unused_amortized_upfront_fee_for_billing_period + reservation_unused_recurring_fee
        when kind = 'SavingsPlanCoveredUsage' then savings_plan_savings_plan_effective_cost
        when kind = 'SavingsPlanRecurringFee' then
            savings_plan_total_commitment_to_date - savings_plan_used_commitment
        when kind in ('SavingsPlanNegation', 'SavingsPlanUpfrontFee') then 0
        when buys_reservation or gives_back_purchase then 0
        else U
    end as amortized,
    case
        when kind = 'DiscountedUsage' then coalesce(reservation_net_effective_cost, reservation_effective_cost)
        when kind = 'RIFee' then
            coalesce(
                reservation_net_unused_amortized_upfront_fee_for_billing_period
                + reservation_net_unused_recurring_fee,
                reservation_unused_amortized_upfront_fee_for_billing_period + reservation_unused_recurring_fee
            )
        when kind = 'SavingsPlanCoveredUsage' then
            coalesce(
                savings_plan_net_savings_plan_effective_cost, savings_plan_savings_plan_effective_cost
            )
        when kind = 'SavingsPlanRecurringFee' then
            (savings_plan_total_commitment_to_date - savings_plan_used_commitment) * r
        when kind in ('SavingsPlanNegation', 'SavingsPlanUpfrontFee') then 0
        when buys_reservation or gives_back_purchase then 0
        else N
    end as net_amortized
from ruled;

-- What "cost" means unless the bill is asked for: credits and tax left out.
create view costs as select * from bill where kind not in ('Credit', 'Tax');

-- What containers took of the machines they ran on: a second telling of other lines, for questions about it.
create table split_costs as select * from delivered where line_item_operation in ('EKSPod-EC2', 'ECSTask-EC2');
