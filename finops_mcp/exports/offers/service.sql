-- What a service's offer file sells, one row for each rate: `prices` joined with the `products` they are of.
-- A reserved offer has a recurring rate and a fee upfront, each a price of its own: they become one row.
with
    lines as (
        select
            p.*,
            q.servicecode as service_code,
            q.regioncode as region_id,
            q.instancetype as instance_type,
            q.tenancy as tenancy,
            coalesce(q.operatingsystem, q.databaseengine) as platform,
            q.usagetype as sku_meter,
            q.operation as operation,
            cast(p.priceperunit as decimal(38, 18)) as price,
            coalesce(p.pricedescription, '') = 'Upfront Fee' or lower(p.unit) = 'quantity' as is_upfront
        from prices as p
        inner join products as q on q.sku = p.sku
    ),
    sold as (
        select
            case when termtype = 'OnDemand' then 'on_demand' else 'reserved' end as kind,
            cast(null as varchar) as plan_type,
            try_cast(regexp_extract(leasecontractlength, '[0-9]+') as integer) as term_years,
            purchaseoption as payment_option,
            offeringclass as offering_class,
            region_id,
            instance_type,
            tenancy,
            platform,
            service_code,
            sku_meter,
            operation,
            case when termtype = 'OnDemand' then ratecode else sku || '.' || offertermcode end as sold_as,
            max(case when termtype = 'OnDemand' or not is_upfront then unit end) as unit,
            min(
                case when termtype = 'OnDemand' then try_cast(startingrange as decimal(38, 12)) end
            ) as from_quantity,
            min(
                case when termtype = 'OnDemand' then try_cast(endingrange as decimal(38, 12)) end
            ) as up_to_quantity,
            coalesce(max(case when termtype = 'OnDemand' or not is_upfront then price end), 0) as rate,
            coalesce(max(case when termtype <> 'OnDemand' and is_upfront then price end), 0) as upfront
        from lines
        group by
            termtype,
            leasecontractlength,
            purchaseoption,
            offeringclass,
            region_id,
            instance_type,
            tenancy,
            platform,
            service_code,
            sku_meter,
            operation,
            case when termtype = 'OnDemand' then ratecode else sku || '.' || offertermcode end
    )
select
    kind,
    plan_type,
    term_years,
    payment_option,
    offering_class,
    region_id,
    regexp_replace(instance_type, '\.[^.]+$', '') as instance_family,
    instance_type,
    tenancy,
    platform,
    service_code,
    sku_meter,
    operation,
    coalesce(unit, 'Hrs') as unit,
    coalesce(from_quantity, 0) as from_quantity,
    up_to_quantity,
    rate,
    upfront
from sold
where sku_meter is not null
