-- Charges in force as FOCUS 1.2 has them, with AWS's own columns and what a reader of ours takes back (x_).
-- A line that cancels covered use bills and costs nothing, and FOCUS has no place for it: it is left out.
-- A column is never passed on under its own name in other letters, which the engine would write as its own.
-- What FOCUS wants to be absent, is; what the export does not tell, is absent too, and never made up.
select
    availability_zone as "AvailabilityZone",
    billed_cost as "BilledCost",
    billing_account_id as "BillingAccountId",
    billing_account_name as "BillingAccountName",
    billing_account_type as "BillingAccountType",
    billing_currency as "BillingCurrency",
    billing_period_end as "BillingPeriodEnd",
    billing_period_start as "BillingPeriodStart",
    capacity_reservation_id as "CapacityReservationId",
    capacity_reservation_status as "CapacityReservationStatus",
    charge_category as "ChargeCategory",
    charge_class as "ChargeClass",
    charge_description as "ChargeDescription",
    charge_frequency as "ChargeFrequency",
    charge_period_end as "ChargePeriodEnd",
    charge_period_start as "ChargePeriodStart",
    commitment_discount_category as "CommitmentDiscountCategory",
    commitment_discount_id as "CommitmentDiscountId",
    commitment_discount_name as "CommitmentDiscountName",
    commitment_discount_quantity as "CommitmentDiscountQuantity",
    commitment_discount_status as "CommitmentDiscountStatus",
    commitment_discount_type as "CommitmentDiscountType",
    commitment_discount_unit as "CommitmentDiscountUnit",
    case when is_used then consumed_quantity end as "ConsumedQuantity",
    case when is_used and consumed_quantity is not null then consumed_unit end as "ConsumedUnit",
    contracted_cost as "ContractedCost",
    case when not is_tax then contracted_unit_price end as "ContractedUnitPrice",
    effective_cost as "EffectiveCost",
    invoice_id as "InvoiceId",
    invoice_issuer_name as "InvoiceIssuerName",
    list_cost as "ListCost",
    case when not is_tax then list_unit_price end as "ListUnitPrice",
    case when not is_tax then pricing_category end as "PricingCategory",
    pricing_currency as "PricingCurrency",
    case
        when not is_tax then pricing_currency_contracted_unit_price
    end as "PricingCurrencyContractedUnitPrice",
    pricing_currency_effective_cost as "PricingCurrencyEffectiveCost",
    case when not is_tax then pricing_currency_list_unit_price end as "PricingCurrencyListUnitPrice",
    case when not is_tax then pricing_quantity end as "PricingQuantity",
    case when not is_tax and pricing_quantity is not null then pricing_unit end as "PricingUnit",
    provider_name as "ProviderName",
    publisher_name as "PublisherName",
    region_id as "RegionId",
    case when region_id is not null then region_name end as "RegionName",
    resource_id as "ResourceId",
    case when resource_id is not null then resource_name end as "ResourceName",
    case when resource_id is not null then resource_type end as "ResourceType",
    coalesce(service_category, known.category, 'Other') as "ServiceCategory",
    service_name as "ServiceName",
    case
        when service_subcategory is not null
        then service_subcategory
        when service_category is null or service_category = known.category
        then coalesce(known.subcategory, 'Other (Other)')
        else 'Other (' || service_category || ')'
    end as "ServiceSubcategory",
    case when not is_tax then sku_id end as "SkuId",
    case when not is_tax and sku_id is not null then sku_meter end as "SkuMeter",
    case when not is_tax and sku_id is not null then sku_price_details end as "SkuPriceDetails",
    case when not is_tax and sku_id is not null then sku_price_id end as "SkuPriceId",
    sub_account_id as "SubAccountId",
    case when sub_account_id is not null then sub_account_name end as "SubAccountName",
    case when sub_account_id is not null then sub_account_type end as "SubAccountType",
    case when cardinality(tags) > 0 then tags end as "Tags",
    x_cost_categories as "x_CostCategories",
    case when cardinality(x_discounts) > 0 then x_discounts end as "x_Discounts",
    nullif(x_operation, '') as "x_Operation",
    x_service_code as "x_ServiceCode",
    sku_meter as "x_UsageType"
from
    (
        select
            *,
            charge_category = 'Tax' as is_tax,
            charge_category = 'Usage' and commitment_discount_status is distinct from 'Unused' as is_used
        from charges
        where
            billing_period_start >= $start
            and billing_period_start < $end
            and x_charge_type is distinct from 'SavingsPlanNegation'
    ) as charged
left join focus_services as known on known.service_code = x_service_code
