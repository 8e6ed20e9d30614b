-- What did each stream cost on each day? One row for each that has charges.
select
    hash(*columns($told)) as stream,
    date_diff('day', cast($start as date), cast("day" as date)) as at,
    cast(sum(columns([$metric])) as double) as cost
from selection
where
    billing_currency = $currency
    and ($scope = 'bill' or in_category not in ('Tax', 'Credit'))
    -- whole months are selected by their bill, which may hold charges of other days
    and "day" >= $start
    and "day" < $end
group by stream, "day"
