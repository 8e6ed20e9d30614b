-- What did AWS cover, hour by hour? One row for each commitment, first hour and length, at public prices.
select commitment, hour, hours, cast(sum(list_cost) as double) as cost
from eligible
where commitment is not null and hours <= 24
group by commitment, hour, hours
order by commitment, hour
