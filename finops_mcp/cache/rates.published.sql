-- What do the files of prices say of some SKUs? Every tier, term and offer; a file that names no operation or
-- region means any.
select
    o.service_code,
    o.sku_meter,
    o.operation,
    o.region_id,
    o.kind,
    o.plan_type,
    o.term_years,
    o.payment_option,
    o.offering_class,
    o.unit,
    o.currency,
    o.rate,
    o.upfront,
    o.from_quantity,
    o.up_to_quantity,
    o.instance_type,
    o.instance_family,
    o.tenancy,
    o.platform,
    o.published,
    o.source
from offers as o
where
    exists (
        select 1
        from
            (
                select distinct
                    unnest(cast($services as varchar[])) as service_code,
                    unnest(cast($meters as varchar[])) as meter,
                    unnest(cast($operations as varchar[])) as operation,
                    unnest(cast($regions as varchar[])) as region_id
            ) as w
        where
            w.service_code = o.service_code
            and w.meter = o.sku_meter
            and (o.operation is null or w.operation is not distinct from o.operation)
            and (w.region_id is null or o.region_id is null or w.region_id = o.region_id)
    )
order by all
