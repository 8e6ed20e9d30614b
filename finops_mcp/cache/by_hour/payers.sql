-- Who pays for use that commitments could cover, in which currency? The greatest first.
select billing_account_id, billing_currency, sum(list_cost) as list_cost
from charges_daily
where
    charge_date >= cast($start as date)
    and charge_date < cast($end as date)
    and x_commitment_pool is not null
    and pricing_category in ('Standard', 'Committed')
    and list_cost > 0
group by billing_account_id, billing_currency
order by list_cost desc, billing_account_id, billing_currency
