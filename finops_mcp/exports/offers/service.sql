-- What a service's offer file sells, one row for each rate: `prices` joined with the `products` they are of.
-- A reserved offer has a recurring rate and a fee upfront, each a price of its own: they become one row.
with
    priced as (
        select
            *,
            cast(priceperunit as decimal(38, 18)) as price,
            coalesce(pricedescription, '') = 'Upfront Fee' or lower(unit) = 'quantity' as is_upfront
        from prices
    ),
    sold as (
        select
            sku,
            'on_demand' as kind,
            cast(null as varchar) as term,
            cast(null as varchar) as payment_option,
            cast(null as varchar) as offering_class,
            unit,
            coalesce(try_cast(startingrange as decimal(38, 12)), 0) as from_quantity,
            try_cast(endingrange as decimal(38, 12)) as up_to_quantity,
            price as rate,
            cast(0 as decimal(38, 18)) as upfront
        from priced
        where termtype = 'OnDemand'
        union all
        select
            sku,
            'reserved' as kind,
            max(leasecontractlength) as term,
            max(purchaseoption) as payment_option,
            max(offeringclass) as offering_class,
            coalesce(max(case when not is_upfront then unit end), 'Hrs') as unit,
            cast(0 as decimal(38, 12)) as from_quantity,
            cast(null as decimal(38, 12)) as up_to_quantity,
            coalesce(max(case when not is_upfront then price end), 0) as rate,
            coalesce(max(case when is_upfront then price end), 0) as upfront
        from priced
        where termtype = 'Reserved'
        group by sku, offertermcode
    )
select
    s.kind,
    cast(null as varchar) as plan_type,
    try_cast(regexp_extract(s.term, '[0-9]+') as integer) as term_years,
    s.payment_option,
    s.offering_class,
    p.regioncode as region_id,
    regexp_replace(p.instancetype, '\.[^.]+$', '') as instance_family,
    p.instancetype as instance_type,
    p.tenancy,
    coalesce(p.operatingsystem, p.databaseengine) as platform,
    p.servicecode as service_code,
    p.usagetype as sku_meter,
    p.operation,
    s.unit,
    s.from_quantity,
    s.up_to_quantity,
    s.rate,
    s.upfront
from sold as s
inner join products as p on p.sku = s.sku
where p.usagetype is not null
