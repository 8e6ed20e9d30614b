-- What was spent on the days of each incident, or of a part of it? One row for each that is wanted, by its
-- number, and for each value of a dimension.
with sought as (select unnest($wanted, max_depth := 2))
select columns($dimension), sought.number, sum(columns([$metric])) as cost
from selection
join
    sought
    on selection.billing_currency = sought.currency
    and selection."day" between sought.first_day and sought.last_day
    and (in_category = 'Credit') = sought.of_credits
    and (
        not list_contains(sought.told, 'sub_account_id')
        or in_account is not distinct from sought.its_sub_account_id
    )
    and (
        not list_contains(sought.told, 'service_name')
        or in_service is not distinct from sought.its_service_name
    )
    and (not list_contains(sought.told, 'region_id') or in_region is not distinct from sought.its_region_id)
    and (not list_contains(sought.told, 'sku_meter') or in_meter is not distinct from sought.its_sku_meter)
    and (
        not list_contains(sought.told, 'charge_category')
        or in_category is not distinct from sought.its_charge_category
    )
    and (
        not list_contains(sought.told, 'pricing_category')
        or in_pricing is not distinct from sought.its_pricing_category
    )
group by all
