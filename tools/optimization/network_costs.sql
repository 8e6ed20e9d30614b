-- Where does network money go? One row for each path and group, the largest first, what is metered by the GB
-- apart. Paths are told by rules, in their order, of service and meter; what none knows is no network charge.
with
    rules as (
        select unnest($patterns) as pattern, unnest($paths) as path, generate_subscripts($paths, 1) as rank
    ),
    metered as (select distinct in_service, in_meter from selection where in_meter is not null),
    known as (
        select in_service, in_meter, arg_min(path, rank) as path
        from metered
        inner join rules on regexp_matches(coalesce(in_service, '') || '/' || in_meter, pattern)
        group by in_service, in_meter
    ),
    parts as (
        select
            columns($dimension || ['path']),
            billing_currency,
            sum(columns([$metric])) as cost,
            sum(columns([$metric])) filter (where by_gb) as data_cost,
            sum(in_quantity) filter (where by_gb and x_charge_group = 'usage') as gigabytes
        from
            (
                select selection.*, path, regexp_matches(selection.in_meter, 'Bytes|DataXfer|GB-') as by_gb
                from selection
                inner join
                    known
                    on selection.in_meter = known.in_meter
                    and selection.in_service is not distinct from known.in_service
                where $scope = 'bill' or in_category not in ('Tax', 'Credit')
            )
        group by all
    )
select *, sum(cost) over same_currency as total, count(*) over () as total_rows,
from parts
window same_currency as (partition by billing_currency)
qualify row_number() over (partition by billing_currency order by abs(cost) desc nulls last, parts) <= $top
order by billing_currency, abs(cost) desc nulls last, path, columns($dimension || ['path'])
