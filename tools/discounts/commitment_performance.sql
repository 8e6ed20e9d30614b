-- How well are commitments used? One row for each part: what they covered, what was left on demand or ran on
-- spot, from charges; what they held and what of it nobody used, from the commitments themselves.
with
    parts as (
        select
            columns($dimension),
            billing_currency,
            sum(list_cost) filter (where in_status = 'Used') as covered_list,
            sum(contracted_cost) filter (where in_status = 'Used') as covered_contracted,
            sum(amortized_cost) filter (where in_status = 'Used') as used_cost,
            sum(effective_cost) filter (where in_status = 'Used') as net_used_cost,
            sum(list_cost) filter (
                where in_status = 'Used' and in_commitment_type = 'Savings Plan'
            ) as plan_covered_list,
            sum(contracted_cost) filter (
                where in_status = 'Used' and in_commitment_type = 'Savings Plan'
            ) as plan_covered_contracted,
            sum(in_units) filter (
                where in_status = 'Used' and in_commitment_type = 'Reservation'
            ) as covered_units,
            sum(list_cost) filter (where on_demand) as on_demand_list,
            sum(contracted_cost) filter (where on_demand) as on_demand_contracted,
            sum(amortized_cost) filter (where on_demand) as on_demand_cost,
            sum(effective_cost) filter (where on_demand) as net_on_demand_cost,
            sum(list_cost) filter (where on_demand and in_pool <> 'reservation') as plan_eligible_list,
            sum(contracted_cost) filter (
                where on_demand and in_pool <> 'reservation'
            ) as plan_eligible_contracted,
            sum(in_units) filter (where on_demand) as on_demand_units,
            sum(list_cost) filter (where spot) as spot_list,
            sum(contracted_cost) filter (where spot) as spot_contracted,
            sum(amortized_cost) filter (where spot) as spot_cost,
            sum(effective_cost) filter (where spot) as net_spot_cost,
        from
            (
                select
                    *,
                    in_pool is not null and in_commitment is null and in_pricing = 'Standard' as on_demand,
                    in_pool is not null and in_pricing = 'Dynamic' as spot,
                from selection
            )
        where in_status = 'Used' or on_demand or spot
        group by all
        union all by name
        select
            columns($dimension),
            billing_currency,
            min(commitment_discount_type) as kind,
            min(coalesce(sub_account_name, sub_account_id)) as owner,
            sum(total_commitment) as total_commitment,
            sum(used_commitment) as used_commitment,
            sum(reserved_units) filter (where reserved_units > 0) as reserved_units,
            sum(unused_units) filter (where reserved_units > 0) as unused_units,
            sum(reserved_hours) filter (where coalesce(reserved_units, 0) = 0) as reserved_hours,
            sum(unused_hours) filter (where coalesce(reserved_units, 0) = 0) as unused_hours,
            sum(unused_cost) as unused_cost,
            sum(net_unused_cost) as net_unused_cost,
        from held
        group by all
    )
select
    columns($dimension),
    billing_currency,
    min(kind) as kind,
    min(owner) as owner,
    sum(covered_list) as covered_list,
    sum(covered_contracted) as covered_contracted,
    sum(used_cost) as used_cost,
    sum(net_used_cost) as net_used_cost,
    sum(plan_covered_list) as plan_covered_list,
    sum(plan_covered_contracted) as plan_covered_contracted,
    sum(covered_units) as covered_units,
    sum(on_demand_list) as on_demand_list,
    sum(on_demand_contracted) as on_demand_contracted,
    sum(on_demand_cost) as on_demand_cost,
    sum(net_on_demand_cost) as net_on_demand_cost,
    sum(plan_eligible_list) as plan_eligible_list,
    sum(plan_eligible_contracted) as plan_eligible_contracted,
    sum(on_demand_units) as on_demand_units,
    sum(spot_list) as spot_list,
    sum(spot_contracted) as spot_contracted,
    sum(spot_cost) as spot_cost,
    sum(net_spot_cost) as net_spot_cost,
    sum(total_commitment) as total_commitment,
    sum(used_commitment) as used_commitment,
    sum(reserved_units) as reserved_units,
    sum(unused_units) as unused_units,
    sum(reserved_hours) as reserved_hours,
    sum(unused_hours) as unused_hours,
    sum(unused_cost) as unused_cost,
    sum(net_unused_cost) as net_unused_cost,
from parts
group by all
order by billing_currency, columns($dimension)
