-- What FOCUS asks of all charges, by payer and month: how far each test is off, and what it may be.
select
    'purchases of commitments carry no effective cost' as name,
    billing_period_start,
    billing_account_id,
    sum(abs(effective_cost)) as off_by,
    cast(0.01 as decimal(38, 12)) as tolerance
from charges
where charge_category = 'Purchase' and commitment_discount_id is not null
group by billing_period_start, billing_account_id
union all
select
    'unused commitments bill nothing' as name,
    billing_period_start,
    billing_account_id,
    sum(abs(billed_cost)) as off_by,
    cast(0.01 as decimal(38, 12)) as tolerance
from charges
where commitment_discount_status = 'Unused'
group by billing_period_start, billing_account_id
union all
select
    'tax is not use' as name,
    billing_period_start,
    billing_account_id,
    cast(count(*) as decimal(38, 12)) as off_by,
    cast(0 as decimal(38, 12)) as tolerance
from charges
where charge_category = 'Tax' and (commitment_discount_id is not null or pricing_category is not null)
group by billing_period_start, billing_account_id
