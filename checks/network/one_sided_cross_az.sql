-- Whose traffic between zones goes nearly all one way? One row for each resource; one way may have none.
with
    sides as (
        select
            resource_id,
            sub_account_id,
            region_id,
            billing_currency,
            max(tags) as tags,
            max(sku_meter) as sku_meter,
            max(pricing_unit) as pricing_unit,
            max(last_charge) as last_charge,
            sum(quantity) as quantity,
            coalesce(sum(quantity) filter (where operation like '%In'), 0) as gb_in,
            coalesce(sum(quantity) filter (where operation like '%Out'), 0) as gb_out,
            sum(cost) as cost,
            sum(monthly_cost) as monthly_cost
        from used
        where
            regexp_matches(sku_meter, '(^|-)DataTransfer-Regional-Bytes$')
            and regexp_matches(operation, '(In|Out)$')
            and resource_id is not null
        group by resource_id, sub_account_id, region_id, billing_currency
    )
select *
from sides
where
    greatest(gb_in, gb_out) > $times * least(gb_in, gb_out)
    and gb_in + gb_out >= $least_gb
    and monthly_cost > 0
order by monthly_cost desc, resource_id
