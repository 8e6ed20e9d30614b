-- Which commitments of a payer were in force in a time, on which terms? One row for each; `sold_as` is the
-- operation that its fees name, `cost` what its hours cost, used or not, before private discounts.
with
    held as (
        select
            commitment_discount_id,
            max_by(commitment_discount_type, charge_date) as kind,
            max_by(x_commitment_pool, charge_date) as pool,
            max_by(offering, charge_date) as offering,
            max_by(scope, charge_date) as scope,
            max_by(sub_account_id, charge_date) as owner,
            max_by(x_service_code, charge_date) as service,
            max_by(region_id, charge_date) as region_id,
            max_by(instance_family, charge_date) as instance_family,
            max_by(instance_type, charge_date) as instance_type,
            max_by(term, charge_date) as term,
            max_by(payment_option, charge_date) as payment_option,
            max(starts_at) as starts_at,
            max(ends_at) as ends_at,
            min(charge_date) as first_day,
            max(charge_date) as last_day,
            max_by(reserved_count, charge_date) as reserved_count,
            max_by(hourly_commitment, charge_date) as hourly_commitment,
            sum(reserved_units) as reserved_units,
            sum(reserved_hours) as reserved_hours,
            sum(unused_cost) as unused_cost
        from commitments
        where
            charge_date >= cast($start as date)
            and charge_date < cast($end as date)
            and billing_account_id is not distinct from $payer
            and billing_currency = $currency
        group by commitment_discount_id
    ),
    charged as (
        select
            commitment_discount_id,
            max(x_operation) filter (where charge_category = 'Purchase') as sold_as,
            sum(coalesce(x_amortized_cost, effective_cost)) filter (
                where commitment_discount_status = 'Used'
            ) as used_cost
        from charges_daily
        where
            charge_date >= cast($start as date)
            and charge_date < cast($end as date)
            and billing_account_id is not distinct from $payer
            and billing_currency = $currency
            and commitment_discount_id is not null
        group by commitment_discount_id
    )
select h.*, c.sold_as, coalesce(c.used_cost, 0) + coalesce(h.unused_cost, 0) as cost
from held as h
left join charged as c on c.commitment_discount_id = h.commitment_discount_id
order by h.commitment_discount_id
