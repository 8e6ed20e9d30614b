-- How did cost move? One row for each step of time that has charges, oldest first.
select columns([$step]) as step, billing_currency, sum(columns([$metric])) as cost,
from selection
where $scope = 'bill' or in_category not in ('Tax', 'Credit')
group by all
order by step, billing_currency
