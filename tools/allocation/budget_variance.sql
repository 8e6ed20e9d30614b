-- What did each part cost, and in the like span before? One row for each part and currency.
select
    columns($dimension),
    billing_currency,
    coalesce(sum(columns([$metric])) filter (where in_period), 0) as cost,
    coalesce(sum(columns([$metric])) filter (where not in_period), 0) as previous_cost,
from selection
where $scope = 'bill' or in_category not in ('Tax', 'Credit')
group by all
order by all
