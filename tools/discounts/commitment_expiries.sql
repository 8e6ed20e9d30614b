-- What lapses when? One row for each commitment in force on a day, the first to end first, with what its last
-- thirty days held, used, cost and covered.
with
    windowed as (
        select *, charge_date > cast($ended as date) - 30 as recent
        from commitments
        where charge_date <= cast($ended as date)
    ),
    held as (
        select
            commitment_discount_id,
            billing_currency,
            max_by(commitment_discount_type, charge_date) as kind,
            max_by(sub_account_id, charge_date) as owner_id,
            max_by(coalesce(sub_account_name, sub_account_id), charge_date) as owner,
            max_by(offering, charge_date) as offering,
            max_by(term, charge_date) as term,
            max_by(payment_option, charge_date) as payment_option,
            max_by(region_id, charge_date) as region_id,
            max_by(instance_family, charge_date) as instance_family,
            max_by(reserved_count, charge_date) as reserved_count,
            max_by(hourly_commitment, charge_date) as hourly_commitment,
            max(starts_at) as starts_at,
            max(ends_at) as ends_at,
            count(distinct charge_date) filter (where recent) as days,
            sum(reserved_hours) filter (where recent) as held_hours,
            sum(total_commitment) filter (where recent) as total_commitment,
            sum(used_commitment) filter (where recent) as used_commitment,
            sum(reserved_units) filter (where recent and reserved_units > 0) as reserved_units,
            sum(unused_units) filter (where recent and reserved_units > 0) as unused_units,
            sum(reserved_hours) filter (where recent and coalesce(reserved_units, 0) = 0) as reserved_hours,
            sum(unused_hours) filter (where recent and coalesce(reserved_units, 0) = 0) as unused_hours,
            sum(unused_cost) filter (where recent) as unused_cost,
            sum(net_unused_cost) filter (where recent) as net_unused_cost,
        from windowed
        group by commitment_discount_id, billing_currency
    ),
    covered as (
        select
            commitment_discount_id,
            billing_currency,
            sum(list_cost) as covered_list,
            sum(contracted_cost) as covered_contracted,
            sum(x_amortized_cost) as used_cost,
            sum(effective_cost) as net_used_cost,
        from charges_daily
        where
            commitment_discount_status = 'Used'
            and charge_date <= cast($ended as date)
            and charge_date > cast($ended as date) - 30
        group by commitment_discount_id, billing_currency
    )
select h.*, c.* exclude (commitment_discount_id, billing_currency),
from held as h
left join
    covered as c
    on c.commitment_discount_id = h.commitment_discount_id
    and c.billing_currency is not distinct from h.billing_currency
order by h.ends_at nulls last, h.commitment_discount_id
