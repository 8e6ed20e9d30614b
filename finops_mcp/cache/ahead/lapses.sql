-- Which commitments end, and what did the use that they cover cost over some days, beside what it would have
-- cost without them? One row for each commitment and part.
with
    ending as (
        select
            commitment_discount_id,
            max(ends_at) as ends_at,
            max_by(commitment_discount_type, charge_date) as kind,
            max_by(coalesce(sub_account_name, sub_account_id), charge_date) as owner,
            count(distinct charge_date) filter (where charge_date >= cast($start as date)) as days,
        from commitments
        where charge_date < cast($ended as date) and billing_currency = $currency
        group by commitment_discount_id
        having max(ends_at) >= cast($ended as timestamp) and max(ends_at) < cast($until as timestamp)
    )
select
    columns($dimension),
    commitment_discount_id,
    ends_at,
    kind,
    owner,
    days,
    sum(columns([$metric])) as cost,
    coalesce(sum(columns([$without])) filter (where covered), 0) as without_it,
    bool_or(covered and columns([$without]) is null) as untold,
from (select *, in_status = 'Used' and x_charge_group = 'usage' as covered from selection)
inner join ending on in_commitment = commitment_discount_id
where billing_currency = $currency
group by all
order by all
