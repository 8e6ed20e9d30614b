-- What must hold of every snapshot of Cost Optimization Hub: how far each test is off, and what it may be.
select
    'every recommendation and its savings loaded' as name,
    cast(null as timestamp) as billing_period_start,
    cast(null as varchar) as billing_account_id,
    coalesce(sum(estimated_monthly_savings_after_discount), 0)
    - max(loaded.savings)
    + count(*)
    - max(loaded.recommendations) as off_by,
    cast(0 as decimal(38, 12)) as tolerance
from line_items
cross join
    (
        select coalesce(sum(monthly_savings_after_discounts), 0) as savings, count(*) as recommendations
        from recommendations
    ) as loaded
union all
select
    'no recommendation is in the snapshot twice',
    cast(null as timestamp),
    cast(null as varchar),
    cast(count(*) - count(distinct recommendation_id) as decimal(38, 12)),
    cast(0 as decimal(38, 12))
from line_items
