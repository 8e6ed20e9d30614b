-- What Savings Plans charge for a use: `prices` joined with the plans that are their `products`.
-- A plan is paid for by the hour or upfront; its rates are what a use takes of the commitment either way.
select
    'savings_plan' as kind,
    q.productfamily as plan_type,
    case
        when lower(p.leasecontractlengthunit) like 'year%' then try_cast(p.leasecontractlength as integer)
    end as term_years,
    q.purchaseoption as payment_option,
    cast(null as varchar) as offering_class,
    p.discountedregioncode as region_id,
    coalesce(q.instancefamily, regexp_replace(p.discountedinstancetype, '\.[^.]+$', '')) as instance_family,
    p.discountedinstancetype as instance_type,
    case
        when p.discountedusagetype like '%Ded%'
        then 'Dedicated'
        when p.discountedusagetype like '%Host%'
        then 'Host'
        when p.discountedusagetype like '%BoxUsage%' or p.discountedusagetype like '%UnusedBox%'
        then 'Shared'
    end as tenancy,
    cast(null as varchar) as platform,
    p.discountedservicecode as service_code,
    p.discountedusagetype as sku_meter,
    p.discountedoperation as operation,
    p.unit,
    cast(0 as decimal(38, 12)) as from_quantity,
    cast(null as decimal(38, 12)) as up_to_quantity,
    cast(p.discountedrate as decimal(38, 18)) as rate,
    cast(0 as decimal(38, 18)) as upfront
from prices as p
inner join products as q on q.sku = p.sku
where p.discountedusagetype is not null
