-- Which invoices make up some months? One row for each; charges without an invoice yet share one by seller.
with
    charged as (
        select *, case when invoice_id is null then x_billing_entity end as open_seller,
        from charges_daily
        where billing_period_start >= $start and billing_period_start < $end
    )
select
    strftime(billing_period_start, '%Y-%m') as month,
    invoice_id,
    array_to_string(
        list_sort(list(distinct coalesce(invoice_issuer_name, x_billing_entity))), ', '
    ) as invoice_issuer_name,
    array_to_string(list_sort(list(distinct x_billing_entity)), ', ') as billing_entity,
    array_to_string(list_sort(list(distinct x_bill_type)), ', ') as bill_type,
    billing_currency,
    sum(billed_cost) filter (where charge_category not in ('Tax', 'Credit')) as pre_tax,
    sum(billed_cost) filter (where charge_category = 'Tax') as tax,
    sum(billed_cost) filter (where charge_category = 'Credit') as credits,
    sum(billed_cost) as total,
    sum(billed_cost) filter (where x_charge_group = 'refund') as refunds,
    sum(billed_cost) filter (where x_charge_group = 'support') as support,
    sum(billed_cost) filter (where x_charge_group = 'marketplace') as marketplace,
    sum(x_charges) as charges,
    count(distinct(service_name, sub_account_id)) as lines,
    strftime(min(charge_date), '%Y-%m-%d') as first_charge,
    strftime(max(charge_date), '%Y-%m-%d') as last_charge,
    case when invoice_id is null then 'open' else 'closed' end as state,
from charged
group by billing_period_start, invoice_id, open_seller, billing_currency
order by month, total desc, invoice_id nulls last, billing_entity, billing_currency
