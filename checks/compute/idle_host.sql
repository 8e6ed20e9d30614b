-- Which dedicated hosts were paid for without an instance on them? One row for each account, region and
-- family
-- of hosts, hours of hosts beside hours of instances; a place without a row of instances had none.
select
    sub_account_id,
    region_id,
    billing_currency,
    regexp_extract(sku_meter, '(?:HostUsage|HostBoxUsage):([a-z0-9-]+)', 1) as family,
    max(sku_meter) filter (where hosts) as sku_meter,
    max(pool) filter (where hosts) as pool,
    max(tags) filter (where hosts) as tags,
    max(pricing_unit) filter (where hosts) as pricing_unit,
    sum(quantity) filter (where hosts) as quantity,
    max(last_charge) filter (where hosts) as last_charge,
    sum(cost) filter (where hosts) as cost,
    sum(monthly_cost) filter (where hosts) as monthly_cost,
    coalesce(sum(monthly_cost) filter (where hosts and committed), 0) as committed_cost
from
    (
        select *, regexp_matches(sku_meter, '(^|-)HostUsage:') as hosts
        from used
        where regexp_matches(sku_meter, '(^|-)(HostUsage|HostBoxUsage):')
    )
group by sub_account_id, region_id, billing_currency, family
having sum(monthly_cost) filter (where hosts) > 0 and coalesce(sum(quantity) filter (where not hosts), 0) = 0
order by monthly_cost desc, sub_account_id, family
