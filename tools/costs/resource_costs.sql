-- What did resources cost? One row for each group: the dearest resources, or the components of one.
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
order by abs(cost) desc nulls last, columns($dimension), billing_currency
limit $top
