-- A FOCUS export (1.0 or 1.2) as canonical charges, as delivered.
-- `line_items` holds the columns of focus.columns.sql, amounts as decimals, absent columns as typed nulls.
-- FOCUS has no cash view before discounts, so the measures that AWS calls unblended and amortized stay null.
select
    BillingPeriodStart as billing_period_start,
    BillingPeriodEnd as billing_period_end,
    ChargePeriodStart as charge_period_start,
    ChargePeriodEnd as charge_period_end,
    BillingAccountId as billing_account_id,
    BillingAccountName as billing_account_name,
    BillingAccountType as billing_account_type,
    SubAccountId as sub_account_id,
    SubAccountName as sub_account_name,
    SubAccountType as sub_account_type,
    InvoiceId as invoice_id,
    InvoiceIssuerName as invoice_issuer_name,
    ProviderName as provider_name,
    PublisherName as publisher_name,
    ChargeCategory as charge_category,
    ChargeClass as charge_class,
    ChargeDescription as charge_description,
    ChargeFrequency as charge_frequency,
    ChargeCategory as x_charge_type,
    case
        when ChargeCategory = 'Tax'
        then 'tax'
        when ChargeCategory = 'Credit'
        then 'credit'
        when ChargeCategory = 'Adjustment' or ChargeClass = 'Correction'
        then 'refund'
        when InvoiceIssuerName like '%Marketplace%'
        then 'marketplace'
        when ServiceName like '%Support%' or x_ServiceCode like '%Support%'
        then 'support'
        when ChargeCategory = 'Purchase' and CommitmentDiscountId is not null
        then 'commitment_fee'
        when ChargeCategory = 'Purchase'
        then 'fee'
        when ChargeCategory = 'Usage'
        then 'usage'
        else 'unknown'
    end as x_charge_group,
    coalesce(ServiceName, x_ServiceCode) as service_name,
    ServiceCategory as service_category,
    ServiceSubcategory as service_subcategory,
    x_ServiceCode as x_service_code,
    x_Operation as x_operation,
    RegionId as region_id,
    RegionName as region_name,
    AvailabilityZone as availability_zone,
    ResourceId as resource_id,
    ResourceName as resource_name,
    ResourceType as resource_type,
    SkuId as sku_id,
    coalesce(SkuMeter, x_UsageType) as sku_meter,
    SkuPriceId as sku_price_id,
    SkuPriceDetails as sku_price_details,
    PricingCategory as pricing_category,
    PricingQuantity as pricing_quantity,
    PricingUnit as pricing_unit,
    ConsumedQuantity as consumed_quantity,
    ConsumedUnit as consumed_unit,
    ListUnitPrice as list_unit_price,
    ContractedUnitPrice as contracted_unit_price,
    PricingCurrency as pricing_currency,
    PricingCurrencyListUnitPrice as pricing_currency_list_unit_price,
    PricingCurrencyContractedUnitPrice as pricing_currency_contracted_unit_price,
    PricingCurrencyEffectiveCost as pricing_currency_effective_cost,
    CommitmentDiscountId as commitment_discount_id,
    CommitmentDiscountName as commitment_discount_name,
    CommitmentDiscountType as commitment_discount_type,
    CommitmentDiscountCategory as commitment_discount_category,
    CommitmentDiscountStatus as commitment_discount_status,
    CommitmentDiscountQuantity as commitment_discount_quantity,
    CommitmentDiscountUnit as commitment_discount_unit,
    CapacityReservationId as capacity_reservation_id,
    CapacityReservationStatus as capacity_reservation_status,
    BillingCurrency as billing_currency,
    BilledCost as billed_cost,
    EffectiveCost as effective_cost,
    ListCost as list_cost,
    ContractedCost as contracted_cost,
    Tags as tags,
    x_CostCategories as x_cost_categories,
    x_Discounts as x_discounts
from line_items
