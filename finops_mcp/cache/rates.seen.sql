-- What did a unit of some SKUs cost in the bill, on demand and under each commitment? One row for each SKU,
-- commitment, delivery and unit. Free use and corrections of other months are left out: neither is a price.
-- Line items tell free use apart; of months whose line items are kept no longer, only whole days do.
with
    wanted as (
        select distinct
            unnest(cast($services as varchar[])) as service_code,
            unnest(cast($meters as varchar[])) as meter,
            unnest(cast($operations as varchar[])) as operation,
            unnest(cast($regions as varchar[])) as region_id
    ),
    lines as (
        select *, cast(charge_period_start as date) as charge_date, x_line_items as x_charges
        from charges
        union all by name
        select *
        from charges_daily
        where x_delivery in (select x_delivery from generation.rolled)
    ),
    terms as (
        select
            commitment_discount_id,
            max_by(offering, charge_date) as offering,
            max_by(term, charge_date) as term,
            max_by(payment_option, charge_date) as payment_option,
            max(starts_at) as starts_at
        from commitments
        group by commitment_discount_id
    ),
    used as (
        select
            d.x_service_code,
            d.sku_meter,
            d.x_operation,
            d.region_id,
            d.commitment_discount_id,
            d.commitment_discount_type,
            d.pricing_unit,
            d.billing_currency,
            d.x_delivery,
            max(d.x_instance_type) as instance_type,
            min(d.charge_date) as seen_from,
            max(d.charge_date) as seen_until,
            sum(d.x_charges) as line_items,
            sum(d.pricing_quantity) as quantity,
            sum(coalesce(d.x_amortized_cost, d.effective_cost)) as cost,
            sum(d.effective_cost) as net_cost,
            sum(d.list_cost) as list_cost
        from lines as d
        where
            d.x_charge_group = 'usage'
            and d.charge_class is null
            and d.pricing_quantity > 0
            and coalesce(d.x_amortized_cost, d.effective_cost) > 0
            and (
                d.commitment_discount_status = 'Used'
                or (d.pricing_category = 'Standard' and d.commitment_discount_id is null)
            )
            and exists (
                select 1
                from wanted as w
                where
                    w.service_code = d.x_service_code
                    and w.meter = d.sku_meter
                    and w.operation is not distinct from d.x_operation
                    and (w.region_id is null or w.region_id = d.region_id)
            )
        group by
            d.x_service_code,
            d.sku_meter,
            d.x_operation,
            d.region_id,
            d.commitment_discount_id,
            d.commitment_discount_type,
            d.pricing_unit,
            d.billing_currency,
            d.x_delivery
    )
select
    u.x_service_code,
    u.sku_meter,
    u.x_operation,
    u.region_id,
    u.commitment_discount_type,
    t.offering,
    try_cast(regexp_extract(t.term, '[0-9]+') as integer) as term_years,
    t.payment_option,
    cast(t.starts_at as date) as bought,
    u.pricing_unit,
    u.billing_currency,
    u.x_delivery,
    u.instance_type,
    u.seen_from,
    u.seen_until,
    u.line_items,
    u.quantity,
    u.cost,
    u.net_cost,
    u.list_cost
from used as u
left join terms as t on t.commitment_discount_id = u.commitment_discount_id
order by all
