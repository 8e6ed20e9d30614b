-- What did commitments cover whose terms the export does not tell? One row for each, at public prices.
select commitment_discount_id, sum(list_cost) as list_cost
from charges_daily
where
    charge_date >= cast($start as date)
    and charge_date < cast($end as date)
    and billing_account_id is not distinct from $payer
    and billing_currency = $currency
    and x_commitment_pool is not null
    and commitment_discount_status = 'Used'
    and commitment_discount_id not in $told
group by commitment_discount_id
order by commitment_discount_id
