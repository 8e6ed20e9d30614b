-- Which streams use most? One row for each of the greatest: its number, what tells it apart, and its use.
select
    hash(*columns($told)) as stream,
    columns($told),
    sum(coalesce(public_on_demand_cost, list_cost, columns([$metric]))) as use
from selection
where
    billing_currency = $currency
    and x_charge_group = 'usage'
    and in_pool is not null
    and columns([$metric]) is not null
group by all
order by use desc, stream
limit $most
