-- What do we pay against the public price? One row for each part: on-demand use at list, as contracted
-- (tiers and private rates taken off) and net (the agreement's discount too), with what kind of rate is
-- below the list.
with
    judged as (
        select
            columns($dimension),
            billing_currency,
            billing_period_start as "month",
            cast(charge_period_start as date) as on_day,
            charge_period_start as used_from,
            billing_account_id as payer,
            in_service,
            in_meter,
            in_region,
            in_quantity,
            coalesce(public_on_demand_cost, list_cost) as listed,
            net_unblended_cost is null as as_delivered,
            coalesce(net_unblended_cost, contracted_cost) as paid,
            coalesce(cardinality(x_discounts), 0) > 0 as tells,
            map_entries(coalesce(x_discounts, map([]::varchar[], []::decimal(38, 12)[]))) as entries,
            coalesce(
                list_sum(
                    list_transform(
                        list_filter(entries, lambda e:replace(lower(e.key), '_', '') in $agreed),
                        lambda e:e.value
                    )
                ),
                0
            ) as agreed_inside,
            coalesce(
                list_sum(
                    list_transform(
                        list_filter(entries, lambda e:replace(lower(e.key), '_', '') in $carded),
                        lambda e:e.value
                    )
                ),
                0
            ) as carded_inside,
            len(list_filter(entries, lambda e:replace(lower(e.key), '_', '') in $bundled)) > 0 as comes_with,
            coalesce(unblended_cost, contracted_cost - agreed_inside - carded_inside) as posted,
            coalesce(regexp_matches(charge_description, 'free tier', 'i'), false) as free,
            coalesce(
                regexp_matches(
                    charge_description,
                    '\b(first|next|over|up to|above|beyond|greater than) [0-9.,]+ ?(k|thousand|m|million|billion|[kmgtp]i?b)',
                    'i'
                ),
                false
            ) as tiered,
            case when x_charge_group = 'discount' then lower(x_charge_type) end as row_kind,
            case
                when x_charge_type <> 'Usage' or x_charge_group <> 'usage'
                then 'other'
                when pricing_category = 'Dynamic'
                then 'spot'
                when free
                then 'free tier'
                when comes_with
                then 'bundled'
                when pricing_category <> 'Standard' or in_commitment is not null or listed <= 0
                then 'other'
                else 'on demand'
            end as kind,
            x_charge_group not in ('tax', 'credit', 'marketplace')
            and coalesce(row_kind not in $agreed, true) as discountable,
        from selection
    ),
    prices as (
        select
            in_service,
            in_meter,
            in_region,
            billing_currency,
            payer,
            "month",
            round(cast(posted as double) / cast(in_quantity as double), 7) as price,
            min(used_from) as first_used,
            sum(in_quantity) as quantity,
            count(distinct round(cast(listed as double) / cast(in_quantity as double), 7)) as list_prices,
            bool_or(tiered) as tiered,
        from judged
        where kind = 'on demand' and in_quantity > 0
        group by all
    ),
    weighty as (
        select *
        from prices
        qualify
            quantity
            >= 0.01 * sum(quantity) over (partition by in_service, in_meter, in_region, payer, "month")
    ),
    steps as (
        select
            *,
            price > lag(price) over (
                partition by in_service, in_meter, in_region, billing_currency, payer, "month"
                order by first_used, price desc
            ) as rises,
            count(*) over (
                partition by in_service, in_meter, in_region, billing_currency, payer, "month"
            ) as several,
        from weighty
    ),
    meters as (
        select
            in_service as of_service,
            in_meter as of_meter,
            in_region as of_region,
            billing_currency as of_currency,
            case
                when
                    max(several) > 1
                    and not bool_or(coalesce(rises, false))
                    and bool_or(tiered)
                    and max(list_prices) = 1
                then 'tier'
                when max(several) = 1 and not bool_or(tiered)
                then 'private rate'
                else 'undecided'
            end as rate,
        from steps
        group by all
    ),
    days as (
        select
            columns($dimension),
            billing_currency,
            "month",
            on_day,
            sum(listed) filter (where kind = 'on demand') as listed,
            sum(posted) filter (where kind = 'on demand') as posted,
            sum(posted + carded_inside) filter (where kind = 'on demand') as contracted,
            sum(paid) filter (where kind = 'on demand') as paid,
            sum(listed - posted) filter (where kind = 'on demand' and rate = 'tier') as tier_off,
            sum(case when rate = 'private rate' then listed - posted else 0 end - carded_inside) filter (
                where kind = 'on demand'
            ) as private_off,
            sum(posted) filter (where discountable) as base,
            sum(posted) filter (where row_kind in $agreed) as agreed_rows,
            sum(posted) filter (where row_kind in $carded) as carded_rows,
            sum(posted) filter (where row_kind in $bundled) as bundled_rows,
            sum(posted) filter (where kind = 'spot') as spot,
            sum(posted) filter (where kind = 'free tier') as free_tier,
            sum(posted) filter (where kind = 'bundled') as came_with,
            bool_or(tells or not as_delivered) as parted,
        from judged
        left join
            meters
            on of_service is not distinct from in_service
            and of_meter is not distinct from in_meter
            and of_region is not distinct from in_region
            and of_currency is not distinct from billing_currency
        group by all
    ),
    shared as (
        select
            *,
            coalesce(carded_rows, 0) + coalesce(bundled_rows, 0) as row_off,
            coalesce(contracted, 0) + row_off as contracted_day,
            case
                when coalesce(base, 0) = 0 or coalesce(agreed_rows, 0) = 0
                then 0
                when posted + row_off = base
                then agreed_rows
                else
                    cast(
                        cast(agreed_rows as double)
                        * cast(coalesce(posted, 0) + row_off as double)
                        / cast(base as double) as decimal(38, 12)
                    )
            end as agreed_day,
        from days
    ),
    parts as (
        select
            columns($dimension),
            billing_currency,
            coalesce(sum(listed), 0)
            + coalesce(sum(bundled_rows) filter (where listed is not null), 0) as list,
            sum(contracted_day) filter (where listed is not null) as contracted,
            sum(paid + row_off + agreed_day) filter (where listed is not null) as net,
            coalesce(sum(tier_off), 0) as tier_off,
            coalesce(sum(private_off), 0) - coalesce(sum(carded_rows), 0) as private_off,
            stddev_pop(
                1 - cast(paid + row_off + agreed_day as double) / nullif(cast(contracted_day as double), 0)
            ) filter (
                where contracted_day > 0.01 and (agreed_rows is not null or paid <> posted or agreed_day = 0)
            ) as consistency,
            bool_or(parted) as parted,
            coalesce(sum(spot), 0) as spot,
            coalesce(sum(free_tier), 0) as free_tier,
            coalesce(sum(came_with), 0) - coalesce(sum(bundled_rows), 0) as bundled,
            coalesce(sum(agreed_rows), 0) as agreed_rows,
        from shared
        group by all
    )
select
    *,
    sum(list) over same_currency as total_list,
    sum(contracted) over same_currency as total_contracted,
    sum(net) over same_currency as total_net,
    count(*) filter (where list < 1 and list > 0) over () as too_small,
    sum(spot) over same_currency as total_spot,
    sum(free_tier) over same_currency as total_free_tier,
    sum(bundled) over same_currency as total_bundled,
    sum(agreed_rows) over same_currency as total_rows_off,
    count(*) filter (where list >= 1) over () as total_rows,
from parts
window same_currency as (partition by billing_currency)
qualify
    list >= 1
    and row_number() over (partition by billing_currency order by list >= 1 desc, list desc, parts) <= $top
order by billing_currency, list desc, columns($dimension)
