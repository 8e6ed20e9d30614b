-- What did the greatest streams use in each hour, and the others together (0)? One row for each that has use.
-- What is charged by more than an hour has hour -1.
with
    hours as (
        select
            hash(*columns($told)) as stream,
            case
                when charge_period_end <= charge_period_start + interval 1 hour
                then date_diff('hour', cast($start as timestamp), charge_period_start)
                else -1
            end as hour,
            sum(coalesce(public_on_demand_cost, list_cost, columns([$metric]))) as use,
            sum(columns([$metric])) as cost
        from selection
        where
            billing_currency = $currency
            and x_charge_group = 'usage'
            and in_pool is not null
            and columns([$metric]) is not null
        group by all
    ),
    places as (
        select stream, row_number() over (order by sum(use) desc, stream) as place from hours group by stream
    )
select
    if(place <= $most, place, 0) as place,
    hour,
    cast(sum(use) as double) as use,
    cast(sum(cost) as double) as cost
from hours
join places using (stream)
group by all
order by all
