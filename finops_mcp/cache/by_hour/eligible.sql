-- Use that commitments could pay for, whether or not one did (B.2): no spot, nothing free, no corrections.
-- What a commitment covered whose terms are not told is left out: it is covered, and nobody can say until
-- when.
-- Accounts that own no commitment are one, and zones too where none is reserved, unless they are to be apart.
select
    hash(
        x_service_code,
        sku_meter,
        x_operation,
        region_id,
        case when $by_zone then availability_zone end,
        case when $by_account or sub_account_id in $owners then sub_account_id end
    ) as line,
    coalesce(case when $by_account or sub_account_id in $owners then sub_account_id end, '') as account,
    coalesce(case when $by_zone then availability_zone end, '') as zone,
    x_commitment_pool as pool,
    coalesce(x_service_code, '') as service,
    coalesce(sku_meter, '') as meter,
    x_operation as operation,
    region_id,
    coalesce(
        x_instance_type,
        case when x_commitment_pool <> 'compute' then nullif(split_part(sku_meter, ':', 2), '') end
    ) as machine,
    commitment_discount_id as commitment,
    extract(year from charge_period_start) * 12 + extract(month from charge_period_start) - 1 as month,
    date_diff('hour', cast($start as timestamp), date_trunc('hour', charge_period_start)) as hour,
    cast(ceil(date_diff('second', charge_period_start, charge_period_end) / 3600.0) as integer) as hours,
    pricing_quantity as quantity,
    x_normalized_quantity as units,
    list_cost,
    contracted_cost
from charges
where
    charge_period_start >= $start
    and charge_period_start < $end
    and billing_account_id is not distinct from $payer
    and billing_currency = $currency
    and x_commitment_pool is not null
    and pricing_category in ('Standard', 'Committed')
    and charge_class is null
    and pricing_quantity > 0
    and list_cost > 0
    and (commitment_discount_id is null or commitment_discount_id in $told)
