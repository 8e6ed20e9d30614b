-- Why did cost change? One row for each part that has one price: a service's meter in one region, account and
-- unit, one kind of charge; its cost, quantity and list cost, and what of them a commitment covers, before
-- and
-- after.
with
    lines as (
        select
            columns($dimension),
            billing_currency,
            in_period,
            in_service,
            in_meter,
            in_region,
            in_account,
            in_unit,
            case
                when in_status = 'Unused' or x_charge_group = 'commitment_unused'
                then 'commitment_unused'
                when x_charge_group = 'commitment_fee' and $metric in ('amortized_cost', 'net_amortized_cost')
                then 'commitment_unused'  -- spread over use, a fee keeps only what nothing used
                when x_charge_group in ('commitment_fee', 'fee', 'marketplace') and in_frequency = 'One-Time'
                then 'one_off'
                when x_charge_group = 'refund'
                then 'one_off'
                when x_charge_group = 'discount'
                then 'discount_rate'
                else x_charge_group
            end as kind,
            sum(columns([$metric])) as cost,
            -- what offsets covered use has its cost again, and not its quantity
            sum(
                case
                    when
                        x_charge_group in ('usage', 'fee', 'marketplace')
                        and (in_commitment is null or in_status = 'Used')
                    then in_quantity
                end
            ) as quantity,
            sum(coalesce(public_on_demand_cost, list_cost)) as listed,
            sum(columns([$metric])) filter (
                where x_charge_group = 'usage' and in_commitment is not null
            ) as covered_cost,
            sum(in_quantity) filter (where x_charge_group = 'usage' and in_status = 'Used') as covered,
            sum(in_quantity) filter (
                where x_charge_group = 'usage' and in_status = 'Used' and in_commitment in $ended
            ) as ended,
        from selection
        where $scope = 'bill' or in_category not in ('Tax', 'Credit')
        group by all
    ),
    -- Covered use and discounts often name no unit: theirs is that of the meter, where it has only one.
    in_units as (
        select
            * replace (
                coalesce(
                    in_unit,
                    case
                        when min(in_unit) over meter = max(in_unit) over meter then min(in_unit) over meter
                    end
                ) as in_unit
            ),
            if(kind = 'discount_rate', 'usage', kind) as part,
        from lines
        window meter as (partition by in_service, in_meter)
    ),
    parts as (
        select
            columns($dimension),
            billing_currency,
            in_service,
            in_meter,
            in_region,
            in_account,
            in_unit,
            part,
            max(kind) as kind,  -- use with a discount on it is use: 'usage' is the greater word
            sum(cost) filter (where not in_period) as cost_before,
            sum(quantity) filter (where not in_period) as quantity_before,
            sum(listed) filter (where not in_period) as listed_before,
            sum(covered_cost) filter (where not in_period) as covered_cost_before,
            sum(covered) filter (where not in_period) as covered_before,
            sum(cost) filter (where in_period) as cost_after,
            sum(quantity) filter (where in_period) as quantity_after,
            sum(listed) filter (where in_period) as listed_after,
            sum(covered_cost) filter (where in_period) as covered_cost_after,
            sum(covered) filter (where in_period) as covered_after,
            sum(ended) filter (where not in_period) as ended,
            bool_or(not in_period) as known_before,
            bool_or(in_period) as known_after,
        from in_units
        group by all
    )
select
    columns($dimension),
    billing_currency,
    kind,
    -- as one text, since a hundred thousand parts are fetched three times as fast so
    concat_ws(
        ' ',
        coalesce(cost_before, 0),
        coalesce(quantity_before, 0),
        coalesce(listed_before, 0),
        coalesce(covered_cost_before, 0),
        coalesce(covered_before, 0),
        coalesce(cost_after, 0),
        coalesce(quantity_after, 0),
        coalesce(listed_after, 0),
        coalesce(covered_cost_after, 0),
        coalesce(covered_after, 0),
        coalesce(ended, 0)
    ) as amounts,
    known_before,
    known_after,
from parts
