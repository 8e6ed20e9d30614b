-- What did each part cost? One row for each part, the largest amounts of each currency first, with the totals
-- of all its parts.
with
    parts as (
        select
            columns($dimension),
            billing_currency,
            sum(columns([$metric])) filter (where in_period) as cost,
            sum(columns([$metric])) filter (where not in_period) as previous_cost,
        from selection
        where $scope = 'bill' or in_category not in ('Tax', 'Credit')
        group by all
    )
select
    *,
    sum(cost) over same_currency as total,
    sum(previous_cost) over same_currency as previous_total,
    count(*) over () as total_rows,
from parts
window same_currency as (partition by billing_currency)
qualify
    row_number() over (
        partition by billing_currency order by abs(coalesce(cost, previous_cost)) desc nulls last, parts
    )
    <= $top
order by billing_currency, abs(coalesce(cost, previous_cost)) desc nulls last, columns($dimension)
