-- On which days did each payer use something? One row for each payer and day.
select distinct billing_account_id, charge_date
from charges_daily
where
    charge_date >= cast($start as date)
    and charge_date < cast($end as date)
    and billing_currency = $currency
    and charge_category = 'Usage'
