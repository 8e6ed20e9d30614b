-- What was charged for what each finding is about, day by day? One row for each finding, day, payer and
-- meter. A
-- month is made of a day as in cache/used/used.sql: 730 hours, and of what is priced by the month its own
-- length.
-- What a finding names by its resource is not told again for one of a whole account.
with
    wanted as (select unnest($wanted, max_depth := 2)),
    lines as (
        select
            resource_id,
            sub_account_id,
            region_id,
            sku_meter,
            pricing_unit,
            billing_account_id,
            billing_currency,
            cast(charge_period_start as date) as charge_date,
            commitment_discount_id is not null as committed,
            sum(effective_cost) as cost,
            sum(pricing_quantity) as quantity,
            max(
                case
                    when pricing_unit ilike '%-mo' or pricing_unit ilike '%month%'
                    then cast(extract('day' from last_day(charge_period_start)) as integer) * 24
                    else 730
                end
            ) as hours_of_month
        from charges
        where
            charge_period_start >= $first
            and charge_period_start < $last
            and x_charge_group = 'usage'
            and charge_class is null
            and (list_contains($resources, resource_id) or list_contains($meters, sku_meter))
        group by all
    )
select
    wanted.number,
    charge_date,
    billing_account_id,
    sku_meter,
    coalesce(pricing_unit, '') as unit,
    sum(cost) as cost,
    sum(quantity) as quantity,
    coalesce(sum(cost) filter (where committed), 0) as covered_cost,
    coalesce(sum(quantity) filter (where committed), 0) as covered,
    max(hours_of_month) as hours_of_month
from lines
join
    wanted
    on lines.billing_currency = wanted.currency
    and lines.charge_date >= wanted.first_day
    and lines.charge_date < wanted.last_day
    and case
        when wanted.meter = ''
        then list_contains(wanted.resources, lines.resource_id)
        else
            lines.sku_meter = wanted.meter
            and lines.sub_account_id = wanted.account
            and (wanted.region = '' or lines.region_id = wanted.region)
            and (lines.resource_id is null or not list_contains($resources, lines.resource_id))
    end
group by all
order by wanted.number, charge_date, sku_meter
