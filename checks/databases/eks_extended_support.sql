-- Which clusters pay for extended support of an old Kubernetes? One row for each, beside its standard hours
-- and
-- what a standard hour costs in the region.
with
    clusters as (
        select
            *,
            (operation ilike '%ExtendedSupport%' or sku_meter ilike '%ExtendedSupport%') as extended,
            sum(cost) filter (
                where not (operation ilike '%ExtendedSupport%' or sku_meter ilike '%ExtendedSupport%')
            ) over regional / nullif(
                sum(quantity) filter (
                    where not (operation ilike '%ExtendedSupport%' or sku_meter ilike '%ExtendedSupport%')
                ) over regional,
                0
            ) as standard_price
        from used
        where
            service_code = 'AmazonEKS'
            and regexp_matches(sku_meter, '(^|-)AmazonEKS-Hours:(perCluster|[Ee]xtendedSupport)')
        window regional as (partition by region_id, billing_currency)
    )
select
    resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    max(tags) as tags,
    max(sku_meter) filter (where extended) as sku_meter,
    max(pricing_unit) as pricing_unit,
    max(last_charge) filter (where extended) as last_charge,
    sum(quantity) filter (where extended) as quantity,
    sum(cost) filter (where extended) as cost,
    sum(monthly_quantity) filter (where extended) as monthly_hours,
    sum(monthly_cost) filter (where extended) as monthly_cost,
    max(standard_price) as standard_price,
    coalesce(
        min(first_charge) filter (where not extended) <= min(first_charge) filter (where extended)
        and max(last_charge) filter (where not extended) >= max(last_charge) filter (where extended),
        false
    ) as standard_beside
from clusters
group by resource_id, sub_account_id, region_id, billing_currency
having sum(monthly_cost) filter (where extended) > 0
order by monthly_cost desc, resource_id
