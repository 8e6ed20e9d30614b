-- What has been charged so far? One row for each month, part and currency.
select columns($dimension), billing_currency, sum(columns([$metric])) as cost,
from selection
where $scope = 'bill' or in_category not in ('Tax', 'Credit')
group by all
order by all
