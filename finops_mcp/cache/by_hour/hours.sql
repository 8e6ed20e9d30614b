-- How much was used, hour by hour? One row for each line, first hour and length; what is longer than a day is
-- left out.
select line, month, hour, hours, cast(sum(quantity) as double) as quantity
from eligible
where hours <= 24
group by line, month, hour, hours
