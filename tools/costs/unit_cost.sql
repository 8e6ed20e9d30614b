-- What did each step of time cost, and in the like span before? One row for each, told apart as the
-- quantity is.
select columns($dimension), billing_currency, in_period, sum(columns([$metric])) as cost,
from selection
where $scope = 'bill' or in_category not in ('Tax', 'Credit')
group by all
order by all
