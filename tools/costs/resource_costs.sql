-- What did resources cost? One row for each group: the dearest resources of each currency, or the components
-- of one.
with
    parts as (
        select
            columns($dimension), billing_currency, sum(columns([$metric])) as cost, sum(charges) as charges,
        from selection
        where $scope = 'bill' or in_category not in ('Tax', 'Credit')
        group by all
    )
select *, sum(cost) over same_currency as total, count(*) over () as total_rows,
from parts
window same_currency as (partition by billing_currency)
qualify row_number() over (partition by billing_currency order by abs(cost) desc nulls last, parts) <= $top
order by billing_currency, abs(cost) desc nulls last, columns($dimension)
