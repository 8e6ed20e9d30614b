-- Which streams are there? One row for each: its number, and what tells it apart.
select hash(*columns($told)) as stream, columns($told)
from selection
where billing_currency = $currency and ($scope = 'bill' or in_category not in ('Tax', 'Credit'))
group by all
order by all
