-- Which firewalls, attachments, VPNs and lines are paid by the hour while nothing passes? One row for each.
-- A Direct Connect line's traffic is metered by virtual interface, often in other accounts: the line is idle
-- only where the whole bill has none. NAT hours that are waived tell of a firewall in their traffic's way.
-- `shown`: something of its kind has traffic, so that the export tells it.
with
    metered as (
        select
            *,
            case
                when
                    service_code = 'AWSNetworkFirewall' and regexp_matches(sku_meter, '(^|-)Endpoint-Hours?$')
                then 'Network Firewall endpoint'
                when regexp_matches(sku_meter, '(^|-)TransitGateway-Hours$')
                then 'Transit Gateway attachment'
                when regexp_matches(sku_meter, '(^|-)VPN-Usage-Hours:')
                then 'VPN connection'
                when regexp_matches(sku_meter, '(^|-)ClientVPN-EndpointHours$')
                then 'Client VPN endpoint'
                when service_code = 'AWSDirectConnect' and regexp_matches(sku_meter, '(^|-)PortUsage:')
                then 'Direct Connect port'
            end as kind,
            case
                when service_code = 'AWSNetworkFirewall'
                then 'Network Firewall endpoint'
                when regexp_matches(sku_meter, '(^|-)TransitGateway-Bytes$')
                then 'Transit Gateway attachment'
                when regexp_matches(sku_meter, '(^|-)ClientVPN-ConnectionHours$')
                then 'Client VPN endpoint'
                when service_code = 'AWSDirectConnect'
                then 'Direct Connect port'
            end as carries
        from used
    ),
    carried as (
        select distinct carries from metered where kind is null and carries is not null and quantity > 0
    ),
    waived as (
        select sub_account_id, region_id
        from used
        where regexp_matches(sku_meter, '(^|-)NatGateway-(Hours|Bytes)$')
        group by sub_account_id, region_id
        having
            coalesce(sum(cost) filter (where sku_meter like '%-Hours'), 0) <= 0
            and sum(list_cost) filter (where sku_meter like '%-Hours') > 0
            and sum(quantity) filter (where sku_meter like '%-Bytes') > 0
    )
select
    resource_id,
    sub_account_id,
    region_id,
    billing_currency,
    max(kind) as kind,
    max(kind) in (select carries from carried) as shown,
    max(tags) as tags,
    max(sku_meter) filter (where kind is not null) as sku_meter,
    max(pricing_unit) filter (where kind is not null) as pricing_unit,
    max(last_charge) filter (where kind is not null) as last_charge,
    sum(quantity) filter (where kind is not null) as quantity,
    sum(cost) as cost,
    sum(monthly_cost) as monthly_cost
from metered
where resource_id is not null
group by resource_id, sub_account_id, region_id, billing_currency
having
    sum(quantity) filter (where kind is not null) > $least_hours
    and coalesce(
        sum(quantity) filter (
            where
                kind is null
                and (
                    pricing_unit like 'G%B%'
                    or sku_meter like '%Bytes'
                    or sku_meter like '%GB-Processed'
                    or sku_meter like '%ConnectionHours'
                )
        ),
        0
    )
    <= 0
    and (max(kind) <> 'Direct Connect port' or 'Direct Connect port' not in (select carries from carried))
    and (
        max(kind) <> 'Network Firewall endpoint'
        or (sub_account_id, region_id) not in (select (sub_account_id, region_id) from waived)
    )
    and sum(monthly_cost) > 0
order by monthly_cost desc, resource_id
