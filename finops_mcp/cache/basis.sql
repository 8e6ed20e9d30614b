-- How much of each kind of charge there is, whether or not the scope of the question takes it in.
select
    billing_currency,
    sum(columns([$metric])) filter (where x_charge_group = 'credit') as credits,
    sum(columns([$metric])) filter (where x_charge_group = 'refund') as refunds,
    sum(columns([$metric])) filter (where x_charge_group = 'tax') as tax,
    sum(columns([$metric])) filter (where x_charge_group = 'support') as support,
    sum(columns([$metric])) filter (where x_charge_group = 'marketplace') as marketplace
from selection
where in_period
group by billing_currency
order by billing_currency
