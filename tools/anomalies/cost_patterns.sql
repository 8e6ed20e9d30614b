-- What did each part cost in the time that patterns are looked for in? One row for each, the greatest first.
with
    parts as (
        select columns($dimension), billing_currency, sum(columns([$metric])) as cost
        from selection
        where $scope = 'bill' or in_category not in ('Tax', 'Credit')
        group by all
    )
select columns($dimension), billing_currency, cost, sum(cost) over (partition by billing_currency) as total
from parts
order by billing_currency, abs(cost) desc, columns($dimension)
