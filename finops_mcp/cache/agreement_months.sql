-- What does each month hold that an agreement may count? One row for each month: eligible spend after and
-- before the discounts that were negotiated, and what was bought on the marketplace.
with
    judged as (
        select
            *,
            $include is null or x_service_code in $include or service_name in $include as included,
            x_charge_group in $left_out
            or x_service_code in $exclude
            or service_name in $exclude
            or (
                $without_upfront and x_charge_group = 'commitment_fee' and charge_frequency = 'One-Time'
            ) as excluded,
            x_charge_group = 'discount' and lower(x_charge_type) in $negotiated as negotiated,
        from charges_daily
        where
            billing_period_start >= $start
            and billing_period_start < $end
            and billing_currency = $currency
            and billing_account_id in $payers
    )
select
    cast(billing_period_start as date) as "month",
    sum(billed_cost) filter (where x_charge_group <> 'marketplace' and included and not excluded) as net,
    sum(x_unblended_cost) filter (
        where x_charge_group <> 'marketplace' and included and not excluded and not negotiated
    ) as gross,
    sum(billed_cost) filter (where x_charge_group = 'marketplace') as marketplace,
from judged
group by billing_period_start
order by billing_period_start
