-- Which values does a dimension have? In order, with how many there are in all.
with found as (select distinct columns([$dimension]) as value from selection)
select value, count(*) over () as total_rows,
from found
where value is not null and ($contains is null or contains(lower(value), lower($contains)))
order by value
limit $top
