-- Which instances on demand are one of a group that replaces them, or are said to keep nothing? One row each.
select
    resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    service_code,
    operation,
    sku_meter,
    regexp_extract(sku_meter, ':(.+)$', 1) as instance_type,
    max(pool) as pool,
    max(tags) as tags,
    max(pricing_unit) as pricing_unit,
    sum(quantity) as quantity,
    max(last_charge) as last_charge,
    sum(cost) as cost,
    sum(monthly_quantity) as monthly_quantity,
    sum(monthly_cost) as monthly_cost,
    coalesce(sum(monthly_cost) filter (where committed), 0) as committed_cost
from used
where
    regexp_matches(sku_meter, '(^|-)BoxUsage:.+')
    and resource_id is not null
    and not committed
    and (
        len(list_filter(map_keys(tags), lambda key:key like 'aws_autoscaling%')) > 0
        or len(
            list_filter(
                map_entries(tags),
                lambda e:e.key like '%stateless%' and lower(e.value) in ('true', 'yes', '1')
            )
        )
        > 0
    )
group by resource_id, sub_account_id, region_id, billing_currency, service_code, operation, sku_meter
having sum(monthly_cost) > 0
order by monthly_cost desc, resource_id
