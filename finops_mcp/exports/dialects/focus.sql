-- A FOCUS export (1.0 or 1.2) as canonical charges, as delivered.
-- `line_items` holds the columns of focus.columns.sql, amounts as decimals, absent columns as typed nulls.
-- FOCUS has no cash view before discounts, so the measures that AWS calls unblended and amortized stay null.
select
    billingperiodstart as billing_period_start,
    billingperiodend as billing_period_end,
    chargeperiodstart as charge_period_start,
    chargeperiodend as charge_period_end,
    billingaccountid as billing_account_id,
    billingaccountname as billing_account_name,
    billingaccounttype as billing_account_type,
    subaccountid as sub_account_id,
    subaccountname as sub_account_name,
    subaccounttype as sub_account_type,
    invoiceid as invoice_id,
    invoiceissuername as invoice_issuer_name,
    providername as provider_name,
    publishername as publisher_name,
    chargecategory as charge_category,
    chargeclass as charge_class,
    chargedescription as charge_description,
    chargefrequency as charge_frequency,
    chargecategory as x_charge_type,
    case
        when chargecategory = 'Tax'
        then 'tax'
        when chargecategory = 'Credit'
        then 'credit'
        when chargecategory = 'Adjustment' or chargeclass = 'Correction'
        then 'refund'
        when invoiceissuername like '%Marketplace%'
        then 'marketplace'
        when servicename like '%Support%' or x_servicecode like '%Support%'
        then 'support'
        when chargecategory = 'Purchase' and commitmentdiscountid is not null
        then 'commitment_fee'
        when chargecategory = 'Purchase'
        then 'fee'
        when chargecategory = 'Usage'
        then 'usage'
        else 'unknown'
    end as x_charge_group,
    coalesce(servicename, x_servicecode) as service_name,
    servicecategory as service_category,
    servicesubcategory as service_subcategory,
    x_servicecode as x_service_code,
    x_operation as x_operation,
    regionid as region_id,
    regionname as region_name,
    availabilityzone as availability_zone,
    resourceid as resource_id,
    resourcename as resource_name,
    resourcetype as resource_type,
    skuid as sku_id,
    coalesce(skumeter, x_usagetype) as sku_meter,
    skupriceid as sku_price_id,
    skupricedetails as sku_price_details,
    pricingcategory as pricing_category,
    pricingquantity as pricing_quantity,
    pricingunit as pricing_unit,
    consumedquantity as consumed_quantity,
    consumedunit as consumed_unit,
    listunitprice as list_unit_price,
    contractedunitprice as contracted_unit_price,
    pricingcurrency as pricing_currency,
    pricingcurrencylistunitprice as pricing_currency_list_unit_price,
    pricingcurrencycontractedunitprice as pricing_currency_contracted_unit_price,
    pricingcurrencyeffectivecost as pricing_currency_effective_cost,
    commitmentdiscountid as commitment_discount_id,
    commitmentdiscountname as commitment_discount_name,
    commitmentdiscounttype as commitment_discount_type,
    commitmentdiscountcategory as commitment_discount_category,
    commitmentdiscountstatus as commitment_discount_status,
    commitmentdiscountquantity as commitment_discount_quantity,
    commitmentdiscountunit as commitment_discount_unit,
    capacityreservationid as capacity_reservation_id,
    capacityreservationstatus as capacity_reservation_status,
    billingcurrency as billing_currency,
    billedcost as billed_cost,
    effectivecost as effective_cost,
    listcost as list_cost,
    contractedcost as contracted_cost,
    tags as tags,
    x_costcategories as x_cost_categories,
    x_discounts as x_discounts,
    1 as x_line_items
from line_items
