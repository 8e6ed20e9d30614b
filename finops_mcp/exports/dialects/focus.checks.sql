-- What must hold of every FOCUS export, by payer and month: how far each test is off, and what it may be.
select
    'every line and its amount loaded' as name,
    billingperiodstart as billing_period_start,
    billingaccountid as billing_account_id,
    sum(billedcost) - max(loaded_cost) + count(*) - max(loaded_lines) as off_by,
    cast(0 as decimal(38, 12)) as tolerance
from line_items
join
    (
        select
            billing_period_start,
            billing_account_id,
            sum(billed_cost) as loaded_cost,
            sum(x_line_items) as loaded_lines
        from charges
        group by billing_period_start, billing_account_id
    ) as loaded
    on loaded.billing_period_start = billingperiodstart
    and loaded.billing_account_id = billingaccountid
group by billingperiodstart, billingaccountid
