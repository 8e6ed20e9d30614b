-- What was used in some days, and what a month of it costs? One row for each resource, meter, operation and
-- way of paying. Tax, credits, fees, and corrections of other months are left out. A month is 730 hours; what
-- is priced by the month (GB-Mo) is already a month's part of each day, whatever the month's length. Days and
-- hours are counted by a bit for each: to count distinct ones takes three times as long as all the rest.
select
    resource_id,
    sub_account_id,
    billing_account_id,
    service_name,
    x_service_code as service_code,
    x_operation as operation,
    region_id,
    sku_meter,
    x_instance_type as instance_type,
    x_product_family as product_family,
    pricing_category,
    pricing_unit,
    commitment_discount_type as commitment_type,
    commitment_discount_id is not null as committed,
    x_commitment_pool as pool,
    billing_currency,
    max(sub_account_name) as sub_account_name,
    arg_max(tags, charge_period_start) as tags,
    min(charge_period_start) as first_charge,
    max(charge_period_start) as last_charge,
    bit_count(
        bitstring_agg(date_diff('day', $start, charge_period_start), 0, date_diff('day', $start, $end))
    ) as days_on,
    bit_count(
        bitstring_agg(date_diff('hour', $start, charge_period_start), 0, date_diff('hour', $start, $end))
    ) as hours_on,
    sum(pricing_quantity) as quantity,
    sum(effective_cost) as cost,
    sum(list_cost) as list_cost,
    cast(sum(pricing_quantity * hours_of_month) / ($days * 24) as decimal(38, 12)) as monthly_quantity,
    cast(sum(effective_cost * hours_of_month) / ($days * 24) as decimal(38, 12)) as monthly_cost,
    cast(sum(list_cost * hours_of_month) / ($days * 24) as decimal(38, 12)) as monthly_list_cost
from
    (
        select
            *,
            case
                when pricing_unit ilike '%-mo' or pricing_unit ilike '%month%'
                then cast(extract('day' from last_day(charge_period_start)) as integer) * 24
                else 730
            end as hours_of_month
        from charges
        where
            charge_period_start >= $start
            and charge_period_start < $end
            and x_charge_group = 'usage'
            and charge_class is null
    )
group by all
