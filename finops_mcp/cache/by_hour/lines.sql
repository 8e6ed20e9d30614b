-- What kinds of use are there, and what did a unit of each cost on demand? One row for each line and month.
select
    line,
    month,
    account,
    zone,
    pool,
    service,
    meter,
    operation,
    region_id,
    max(machine) as machine,
    sum(quantity) as quantity,
    sum(units) as units,
    sum(list_cost) as list_cost,
    sum(contracted_cost) filter (where contracted_cost > 0) as contracted_cost,
    sum(list_cost) filter (where contracted_cost > 0) as charged_cost,
    sum(list_cost) filter (where hours > 1 and hours <= 24) as by_day,
    sum(list_cost) filter (where hours > 24) as by_more,
    max(hour + hours) filter (where hours <= 24) as ends
from eligible
group by line, month, account, zone, pool, service, meter, operation, region_id
order by account, service, region_id, meter, operation, zone, month
