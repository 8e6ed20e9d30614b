-- What did each part cost? One row for each part, group of charges and currency, with tax and credits.
select columns($dimension), x_charge_group as charge_group, billing_currency, sum(columns([$metric])) as cost
from selection
group by all
order by all
