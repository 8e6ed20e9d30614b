-- Split-cost rows: they restate by container what other lines charge already.
select count(*) as charges, sum(line_item_unblended_cost) as amount
from line_items
where line_item_operation in ('EKSPod-EC2', 'ECSTask-EC2')
