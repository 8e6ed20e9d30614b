-- Which instances of families that have a follower ran? One row for each instance and type.
select *
from used_instances
where regexp_matches(sku_meter, ':(db\.|cache\.)?(t1|t2|m1|m3|m4|c3|c4|r3|r4)\.')
order by monthly_cost desc, resource_id
