-- Each month of a payer from one export for each model; the newest model is in force.
with
    speaking as (
        select billing_account_id, period_start, model_version, x_delivery, place
        from
            (
                select
                    d.billing_account_id,
                    d.period_start,
                    d.model_version,
                    d.x_delivery,
                    row_number() over (
                        partition by d.billing_account_id, d.period_start, d.model_version
                        order by count(*) desc, o.export, d.x_delivery
                    ) as place
                from delivered as d
                join delivery as o using (x_delivery)
                group by d.billing_account_id, d.period_start, d.model_version, d.x_delivery, o.export
            )
        where place = 1
    ),
    ranked as (
        select
            *,
            dense_rank() over (
                partition by billing_account_id, period_start
                order by
                    list_transform(
                        regexp_extract_all(model_version, '[0-9]+'), lambda n:cast(n as integer)
                    ) desc nulls last,
                    model_version desc nulls last
            ) as newness
        from speaking
    )
select d.* replace (r.newness = 1 as model_in_force)
from delivered as d
join
    ranked as r
    on r.x_delivery = d.x_delivery
    and r.billing_account_id is not distinct from d.billing_account_id
    and r.period_start is not distinct from d.period_start
    and r.model_version is not distinct from d.model_version
