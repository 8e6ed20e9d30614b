-- Which invoices make up some months? One row for each; charges without an invoice yet share one by seller.
select
    strftime(billing_period_start, '%Y-%m') as month,
    invoice_id,
    coalesce(invoice_issuer_name, x_billing_entity) as invoice_issuer_name,
    x_billing_entity as billing_entity,
    x_bill_type as bill_type,
    billing_currency,
    sum(billed_cost) filter (where charge_category not in ('Tax', 'Credit')) as pre_tax,
    sum(billed_cost) filter (where charge_category = 'Tax') as tax,
    sum(billed_cost) filter (where charge_category = 'Credit') as credits,
    sum(billed_cost) as total,
    sum(x_charges) as charges,
    strftime(min(charge_date), '%Y-%m-%d') as first_charge,
    strftime(max(charge_date), '%Y-%m-%d') as last_charge,
    case when invoice_id is null then 'open' else 'closed' end as state,
from charges_daily
where billing_period_start >= $start and billing_period_start < $end
group by all
order by month, total desc, invoice_id nulls last, billing_entity, bill_type, billing_currency
