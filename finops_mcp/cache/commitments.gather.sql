-- What the fees of commitments cost, from the charges by day, with what their terms say. The fee of a
-- reservation is of a whole month: it is spread over the days of the data by the hours in force, and what
-- went unused by what its use left of each day. The last day takes what rounding left, so that days add up.
create or replace temp macro so_far(amount, gone, is_last) as
    case
        when is_last
        then amount
        else cast(round(cast(amount as double) * coalesce(gone, 0), 6) as decimal(38, 12))
    end
;

insert into commitments by name
with
    fees as (
        select
            x_delivery,
            billing_period_start,
            charge_date,
            billing_account_id,
            sub_account_id,
            billing_currency,
            commitment_discount_id,
            max(sub_account_name) as sub_account_name,
            max(service_name) as service_name,
            max(x_service_code) as x_service_code,
            max(region_id) as region_id,
            max(commitment_discount_type) as commitment_discount_type,
            case
                when max(commitment_discount_type) = 'Reservation'
                then sum(x_normalized_quantity) filter (where charge_category = 'Purchase')
            end as reserved_units,
            case
                when max(commitment_discount_type) = 'Reservation'
                then sum(pricing_quantity) filter (where charge_category = 'Purchase')
            end as reserved_hours,
            sum(billed_cost) filter (where charge_category = 'Purchase') as recurring_fee,
            sum(x_amortized_upfront_cost) as amortized_upfront,
            sum(x_amortized_cost) as unused_cost,
            coalesce(
                sum(effective_cost) filter (where commitment_discount_status = 'Unused'), 0
            ) as net_unused_cost
        from charges_daily
        where
            commitment_discount_id is not null
            and (
                commitment_discount_status = 'Unused'
                or (x_charge_group = 'commitment_fee' and charge_frequency = 'Recurring')
            )
        group by
            x_delivery,
            billing_period_start,
            charge_date,
            billing_account_id,
            sub_account_id,
            billing_currency,
            commitment_discount_id
    ),
    labels as (
        select
            x_delivery,
            billing_period_start,
            billing_account_id,
            sub_account_id,
            commitment_discount_id,
            max(tags) as tags,
            max(x_cost_categories) as x_cost_categories
        from resources_monthly
        where
            commitment_discount_id is not null
            and (
                commitment_discount_status = 'Unused'
                or (x_charge_group = 'commitment_fee' and charge_frequency = 'Recurring')
            )
        group by
            x_delivery, billing_period_start, billing_account_id, sub_account_id, commitment_discount_id
    ),
    described as (
        select
            f.* replace (coalesce(t.region_id, f.region_id) as region_id),
            t.* exclude (
                x_delivery,
                billing_period_start,
                charge_date,
                billing_account_id,
                sub_account_id,
                billing_currency,
                commitment_discount_id,
                region_id
            ),
            greatest(t.fee_from, coalesce(t.starts_at, t.fee_from)) as in_force_from,
            least(t.fee_until, coalesce(t.ends_at, t.fee_until)) as in_force_until
        from fees as f
        left join
            terms as t
            on t.x_delivery = f.x_delivery
            and t.billing_period_start = f.billing_period_start
            and t.charge_date = f.charge_date
            and t.billing_account_id is not distinct from f.billing_account_id
            and t.sub_account_id is not distinct from f.sub_account_id
            and t.billing_currency is not distinct from f.billing_currency
            and t.commitment_discount_id = f.commitment_discount_id
    ),
    days as (
        select distinct x_delivery, billing_period_start, billing_account_id, charge_date from charges_daily
    ),
    use as (
        select
            x_delivery,
            billing_period_start,
            charge_date,
            commitment_discount_id,
            sum(x_normalized_quantity) as units,
            sum(pricing_quantity) as hours
        from charges_daily
        where commitment_discount_status = 'Used' and commitment_discount_type = 'Reservation'
        group by x_delivery, billing_period_start, charge_date, commitment_discount_id
    ),
    spread as (
        select
            f.* replace (coalesce(d.charge_date, f.charge_date) as charge_date),
            f.charge_date as of_fee,
            case
                when d.charge_date is null
                then 1
                else
                    greatest(
                        date_diff(
                            'second',
                            greatest(f.in_force_from, cast(d.charge_date as timestamp)),
                            least(f.in_force_until, cast(d.charge_date + 1 as timestamp))
                        ),
                        0
                    )
            end as seconds
        from described as f
        left join
            days as d
            on f.commitment_discount_type = 'Reservation'
            and f.in_force_until > cast(f.charge_date + 1 as timestamp)
            and d.x_delivery = f.x_delivery
            and d.billing_period_start = f.billing_period_start
            and d.billing_account_id is not distinct from f.billing_account_id
            and d.charge_date >= cast(f.in_force_from as date)
            and cast(d.charge_date as timestamp) < f.in_force_until
    ),
    timed as (
        select
            *,
            row_number() over days_so_far = count(*) over of_the_fee as is_last,
            sum(seconds) over days_so_far / nullif(sum(seconds) over of_the_fee, 0) as gone
        from spread
        window
            of_the_fee as (partition by x_delivery, billing_period_start, of_fee, billing_account_id, sub_account_id, billing_currency, commitment_discount_id),
            days_so_far as (partition by x_delivery, billing_period_start, of_fee, billing_account_id, sub_account_id, billing_currency, commitment_discount_id order by charge_date)
    ),
    held_so_far as (
        select
            * replace (
                so_far(reserved_units, gone, is_last) as reserved_units,
                so_far(reserved_hours, gone, is_last) as reserved_hours,
                so_far(recurring_fee, gone, is_last) as recurring_fee,
                so_far(amortized_upfront, gone, is_last) as amortized_upfront
            )
        from timed
    ),
    held as (
        select
            * replace (
                reserved_units - coalesce(lag(reserved_units) over days_so_far, 0) as reserved_units,
                reserved_hours - coalesce(lag(reserved_hours) over days_so_far, 0) as reserved_hours,
                recurring_fee - coalesce(lag(recurring_fee) over days_so_far, 0) as recurring_fee,
                amortized_upfront - coalesce(lag(amortized_upfront) over days_so_far, 0) as amortized_upfront
            )
        from held_so_far
        window
            days_so_far as (partition by x_delivery, billing_period_start, of_fee, billing_account_id, sub_account_id, billing_currency, commitment_discount_id order by charge_date)
    ),
    measured as (
        select
            h.*,
            greatest(
                case
                    when h.reserved_units > 0
                    then h.reserved_units - coalesce(u.units, 0)
                    else h.reserved_hours - coalesce(u.hours, 0)
                end,
                0
            ) as idle
        from held as h
        left join
            use as u
            on u.x_delivery = h.x_delivery
            and u.billing_period_start = h.billing_period_start
            and u.charge_date = h.charge_date
            and u.commitment_discount_id = h.commitment_discount_id
    ),
    weighed as (
        select
            * replace (
                coalesce(sum(idle) over days_so_far / nullif(sum(idle) over of_the_fee, 0), gone) as gone
            )
        from measured
        window
            of_the_fee as (partition by x_delivery, billing_period_start, of_fee, billing_account_id, sub_account_id, billing_currency, commitment_discount_id),
            days_so_far as (partition by x_delivery, billing_period_start, of_fee, billing_account_id, sub_account_id, billing_currency, commitment_discount_id order by charge_date)
    ),
    lost_so_far as (
        select
            * replace (
                so_far(unused_units, gone, is_last) as unused_units,
                so_far(unused_hours, gone, is_last) as unused_hours,
                so_far(unused_cost, gone, is_last) as unused_cost,
                so_far(net_unused_cost, gone, is_last) as net_unused_cost
            )
        from weighed
    ),
    lost as (
        select
            * replace (
                unused_units - coalesce(lag(unused_units) over days_so_far, 0) as unused_units,
                unused_hours - coalesce(lag(unused_hours) over days_so_far, 0) as unused_hours,
                unused_cost - coalesce(lag(unused_cost) over days_so_far, 0) as unused_cost,
                net_unused_cost - coalesce(lag(net_unused_cost) over days_so_far, 0) as net_unused_cost
            )
        from lost_so_far
        window
            days_so_far as (partition by x_delivery, billing_period_start, of_fee, billing_account_id, sub_account_id, billing_currency, commitment_discount_id order by charge_date)
    )
select
    lost.* exclude (of_fee, seconds, fee_from, fee_until, in_force_from, in_force_until, is_last, gone, idle),
    case
        when offering like 'EC2Instance%'
        then 'ec2_instance'
        when offering like 'Compute%'
        then 'compute'
        when offering like 'SageMaker%'
        then 'sagemaker'
        when offering like 'Database%'
        then 'database'
        when commitment_discount_type = 'Reservation' and x_service_code = 'AmazonEC2'
        then 'ec2_instance'
        when commitment_discount_type = 'Reservation'
        then 'reservation'
    end as x_commitment_pool,
    labels.tags,
    labels.x_cost_categories
from lost
left join
    labels
    on labels.x_delivery = lost.x_delivery
    and labels.billing_period_start = lost.billing_period_start
    and labels.billing_account_id is not distinct from lost.billing_account_id
    and labels.sub_account_id is not distinct from lost.sub_account_id
    and labels.commitment_discount_id = lost.commitment_discount_id
