-- The newest snapshot of each account, whichever of several exports tells it; one recommendation of a
-- resource counts.
with
    told as (
        select d.* replace (o.billing_period as snapshot_date, o.billing_period as first_seen), o.export
        from delivered as d
        join delivery as o using (x_delivery)
    ),
    speaking as (
        select sub_account_id, x_delivery
        from
            (
                select
                    sub_account_id,
                    x_delivery,
                    row_number() over (
                        partition by sub_account_id
                        order by max(snapshot_date) desc, count(*) desc, export, x_delivery
                    ) as place
                from told
                group by sub_account_id, x_delivery, export
            )
        where place = 1
    )
select
    told.* exclude (export) replace (
        row_number() over (
            partition by told.sub_account_id, coalesce(told.resource_id, told.recommendation_id)
            order by told.monthly_savings_after_discounts desc nulls last, told.recommendation_id
        )
        = 1 as counts
    )
from told
join
    speaking
    on speaking.x_delivery = told.x_delivery
    and speaking.sub_account_id is not distinct from told.sub_account_id
