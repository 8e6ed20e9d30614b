-- What must hold of every Cost and Usage Report, by payer and month: how far each test is off, and what it
-- may be.
select
    'amortization identity' as name,
    billing_period_start,
    billing_account_id,
    sum(x_unblended_cost - x_amortized_cost + x_amortized_upfront_cost - x_upfront_fee) as off_by,
    cast(0.01 as decimal(38, 12)) as tolerance
from charges
group by billing_period_start, billing_account_id
union all
select
    'negation pairing' as name,
    billing_period_start,
    billing_account_id,
    sum(abs(left_over)) as off_by,
    cast(0.01 as decimal(38, 12)) as tolerance
from
    (
        select
            billing_period_start,
            billing_account_id,
            commitment_discount_id,
            charge_period_start,
            sum(x_unblended_cost) as left_over
        from charges
        where x_charge_type in ('SavingsPlanCoveredUsage', 'SavingsPlanNegation')
        group by billing_period_start, billing_account_id, commitment_discount_id, charge_period_start
    )
group by billing_period_start, billing_account_id
union all
select
    'split-cost rows add nothing' as name,
    bill_billing_period_start_date as billing_period_start,
    bill_payer_account_id as billing_account_id,
    sum(line_item_unblended_cost) as off_by,
    cast(0 as decimal(38, 12)) as tolerance
from line_items
where line_item_operation in ('EKSPod-EC2', 'ECSTask-EC2')
group by bill_billing_period_start_date, bill_payer_account_id
union all
select
    'every line and its amount loaded' as name,
    bill_billing_period_start_date as billing_period_start,
    bill_payer_account_id as billing_account_id,
    sum(line_item_unblended_cost) - max(loaded_cost) + count(*) - max(loaded_lines) as off_by,
    cast(0 as decimal(38, 12)) as tolerance
from line_items
join
    (
        select
            billing_period_start,
            billing_account_id,
            sum(x_unblended_cost) as loaded_cost,
            sum(x_line_items) as loaded_lines
        from charges
        group by billing_period_start, billing_account_id
    ) as loaded
    on loaded.billing_period_start = bill_billing_period_start_date
    and loaded.billing_account_id = bill_payer_account_id
where line_item_operation is null or line_item_operation not in ('EKSPod-EC2', 'ECSTask-EC2')
group by bill_billing_period_start_date, bill_payer_account_id
