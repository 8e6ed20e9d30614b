-- What did AWS cover, hour by hour? One row for each commitment (its place in $told), first hour and
-- length, at
-- public prices.
select list_position($told, commitment) as place, hour, hours, cast(sum(list_cost) as double) as cost
from eligible
where commitment is not null and hours <= 24
group by place, hour, hours
