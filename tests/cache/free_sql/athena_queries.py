"""Questions that published CUR query libraries and dashboards ask, in our own words and Athena's dialect.

Each is asked of a CUR 2.0 and of a legacy report that carry the same bill. Braces mark the one difference:
{region} is product['region'] in the former and product_region in the latter.
"""

# ruff: noqa: E501 - statements stand as people write them

from dataclasses import dataclass
from typing import Any

from tests.cache.free_sql.bill import PAYER, PLATFORM, SHOP

CUR_2 = {
    "region": "product['region']",
    "family": "product['instance_type_family']",
    "instance_type": "product['instance_type']",
    "name": "product['product_name']",
    "transfer": "product['transfer_type']",
    "project": "resource_tags['user_project']",
}
LEGACY = {
    "region": "product_region",
    "family": "product_instance_type_family",
    "instance_type": "product_instance_type",
    "name": "product_product_name",
    "transfer": "product_transfer_type",
    "project": "resource_tags_user_project",
}


@dataclass(frozen=True)
class Query:
    """One question: its columns, and its rows where they were worked out by hand."""

    name: str
    columns: str
    sql: str
    rows: list[tuple[Any, ...]] | None = None


AMORTIZED = """
  case line_item_line_item_type
    when 'SavingsPlanCoveredUsage' then savings_plan_savings_plan_effective_cost
    when 'SavingsPlanRecurringFee' then savings_plan_total_commitment_to_date - savings_plan_used_commitment
    when 'SavingsPlanNegation' then 0
    when 'SavingsPlanUpfrontFee' then 0
    when 'DiscountedUsage' then reservation_effective_cost
    when 'RIFee' then reservation_unused_amortized_upfront_fee_for_billing_period
      + reservation_unused_recurring_fee
    else line_item_unblended_cost
  end
"""

QUERIES = [
    # ------------------------------------------------------------ spend
    Query("bill of a month by its partition", "cost",
          "SELECT sum(line_item_unblended_cost) AS cost FROM cur WHERE billing_period = '2026-01'", [(69.9,)]),
    Query("bill of a month by year and month", "cost",
          "SELECT sum(line_item_unblended_cost) AS cost FROM cur WHERE year = '2026' AND month = '2'",
          [(111.75,)]),
    Query("bill by month", "billing_period, cost",
          "SELECT billing_period, sum(line_item_unblended_cost) AS cost FROM cur GROUP BY 1 ORDER BY 1",
          [("2026-01", 69.9), ("2026-02", 111.75)]),
    Query("month as a date made of the partition", "month_start, lines",
          """SELECT CAST("concat"("billing_period", '-01') AS date) AS month_start, count(*) AS lines
             FROM cur GROUP BY 1 ORDER BY 1""", [("2026-01-01", 15), ("2026-02-01", 8)]),
    Query("year and month put together", "period, lines",
          "SELECT concat(year, '-', lpad(month, 2, '0')) AS period, count(*) AS lines FROM cur GROUP BY 1 ORDER BY 1",
          [("2026-01", 15), ("2026-02", 8)]),
    Query("cost by linked account", "line_item_usage_account_id, cost",
          """SELECT line_item_usage_account_id, round(sum(line_item_unblended_cost), 2) AS cost FROM cur
             WHERE billing_period = '2026-01' GROUP BY line_item_usage_account_id ORDER BY cost DESC""",
          [(PAYER, 39.0), (PLATFORM, 25.9), (SHOP, 5.0)]),
    Query("top services", "line_item_product_code, cost",
          """SELECT line_item_product_code, sum(line_item_unblended_cost) AS cost FROM cur
             WHERE line_item_line_item_type = 'Usage' GROUP BY 1 ORDER BY 2 DESC LIMIT 2""",
          [("AmazonEC2", 44.4), ("AmazonS3", 3.5)]),
    Query("usage cost by day", "day, cost",
          """SELECT date_trunc('day', line_item_usage_start_date) AS day, sum(line_item_unblended_cost) AS cost
             FROM cur WHERE line_item_line_item_type = 'Usage' AND month = '1' GROUP BY 1 ORDER BY 1 LIMIT 3""",
          [("2026-01-01T00:00:00", 13.0), ("2026-01-02T00:00:00", 5.0), ("2026-01-03T00:00:00", 2.0)]),
    Query("day as a formatted text", "day, cost",
          """SELECT date_format(line_item_usage_start_date, '%Y-%m-%d') AS day,
               sum(line_item_unblended_cost) AS cost
             FROM cur WHERE month = '2' GROUP BY 1 ORDER BY 1""",
          [("2026-02-01", 112.5), ("2026-02-02", 4.0), ("2026-02-03", 0.25), ("2026-02-04", -5.0)]),
    Query("charges by type", "line_item_line_item_type, lines, cost",
          """SELECT line_item_line_item_type, count(*) AS lines, sum(line_item_unblended_cost) AS cost FROM cur
             WHERE line_item_line_item_type IN ('Tax', 'Credit', 'Refund') GROUP BY 1 ORDER BY 1""",
          [("Credit", 2, -3.0), ("Refund", 1, -5.0), ("Tax", 2, 2.5)]),
    Query("quoted names all over", "payer, spend",
          """SELECT "bill_payer_account_id" AS "payer", "sum"("line_item_unblended_cost") AS "spend"
             FROM "cur" WHERE ("billing_period" >= '2026-01') GROUP BY "bill_payer_account_id" """,
          [(PAYER, 181.65)]),
    Query("support as a share of the bill", "share",
          """SELECT sum(CASE WHEN line_item_product_code LIKE 'AWSSupport%' THEN line_item_unblended_cost ELSE 0 END)
               / sum(line_item_unblended_cost) AS share FROM cur WHERE month = '1'""", [(29 / 69.9,)]),
    Query("service groups", "grp, cost",
          """SELECT CASE WHEN line_item_product_code = 'AmazonEC2' AND line_item_usage_type LIKE '%BoxUsage%'
                      THEN 'EC2 instances'
                    WHEN line_item_product_code = 'AmazonEC2' THEN 'EC2 other' ELSE 'rest' END AS grp,
               sum(line_item_unblended_cost) AS cost
             FROM cur WHERE month = '1' AND line_item_line_item_type = 'Usage' GROUP BY 1 ORDER BY 1""",
          [("EC2 instances", 15.0), ("EC2 other", 13.4), ("rest", 3.0)]),
    # ------------------------------------------------------------ maps and attributes
    Query("cost by region", "region, cost",
          """SELECT {region} AS region, sum(line_item_unblended_cost) AS cost FROM cur
             WHERE line_item_line_item_type = 'Usage' GROUP BY {region} ORDER BY 1""",
          [("eu-west-1", 2.0), ("us-east-1", 46.15)]),
    Query("cost by instance family", "family, cost, hours",
          """SELECT {family} AS family, sum(line_item_unblended_cost) AS cost, sum(line_item_usage_amount) AS hours
             FROM cur WHERE {family} IS NOT NULL GROUP BY 1 ORDER BY 1""",
          [("m5", 29.0, 310.0), ("m6g", 4.0, 60.0)]),
    Query("cost by tag, the untagged named", "project, cost",
          """SELECT coalesce(nullif({project}, ''), 'untagged') AS project, sum(line_item_unblended_cost) AS cost
             FROM cur WHERE line_item_line_item_type IN ('Usage', 'SavingsPlanCoveredUsage')
             GROUP BY 1 ORDER BY 1""", [("alpha", 32.9), ("beta", 9.0), ("untagged", 14.25)]),
    Query("tag coverage", "covered",
          """SELECT round(100.0 * sum(CASE WHEN {project} <> '' THEN line_item_unblended_cost ELSE 0 END)
               / sum(line_item_unblended_cost), 1) AS covered
             FROM cur WHERE line_item_line_item_type = 'Usage' AND month = '2'""",
          [(round(100 * 16 / 16.75, 1),)]),
    Query("product by its full name", "name, cost",
          """SELECT {name} AS name, sum(line_item_unblended_cost) AS cost FROM cur
             WHERE {name} LIKE 'Amazon%' AND line_item_line_item_type = 'Usage' GROUP BY 1 ORDER BY 1 DESC""",
          [("Amazon Simple Storage Service", 3.5), ("Amazon Elastic Compute Cloud", 44.4)]),
    Query("transfer out", "transfer, gigabytes, cost",
          """SELECT {transfer} AS transfer, sum(line_item_usage_amount) AS gigabytes,
               sum(line_item_unblended_cost) AS cost FROM cur WHERE {transfer} = 'AWS Outbound' GROUP BY 1""",
          [("AWS Outbound", 10.0, 0.9)]),
    # ------------------------------------------------------------ amortization and commitments
    Query("amortized cost by month", "billing_period, amortized",
          f"SELECT billing_period, sum({AMORTIZED}) AS amortized FROM cur GROUP BY 1 ORDER BY 1",
          [("2026-01", 71.65), ("2026-02", 11.75)]),
    Query("amortized cost of each instance", "line_item_resource_id, amortized",
          f"""SELECT line_item_resource_id, sum({AMORTIZED}) AS amortized FROM cur
              WHERE line_item_resource_id LIKE 'i-%' AND month = '1' GROUP BY 1 ORDER BY 2 DESC, 1""",
          [("i-1", 10.9), ("i-4", 6.0), ("i-2", 5.0), ("i-5", 4.0), ("i-3", 2.0)]),
    Query("plan utilization", "plan, used, total, utilization",
          """SELECT split_part(savings_plan_savings_plan_a_r_n, '/', 2) AS plan,
               sum(savings_plan_used_commitment) AS used, sum(savings_plan_total_commitment_to_date) AS total,
               sum(savings_plan_used_commitment) / sum(savings_plan_total_commitment_to_date) AS utilization
             FROM cur WHERE line_item_line_item_type = 'SavingsPlanRecurringFee' GROUP BY 1""",
          [("11111111", 6.0, 7.0, 6 / 7)]),
    Query("purchase options", "purchase_option, hours",
          """SELECT CASE WHEN savings_plan_savings_plan_a_r_n <> '' THEN 'SavingsPlan'
                    WHEN reservation_reservation_a_r_n <> '' THEN 'Reserved'
                    WHEN line_item_usage_type LIKE '%Spot%' THEN 'Spot' ELSE 'OnDemand' END AS purchase_option,
               sum(line_item_usage_amount) AS hours
             FROM cur WHERE line_item_operation LIKE 'RunInstances%' AND line_item_usage_type NOT LIKE '%Bytes%'
             GROUP BY 1 ORDER BY 1""",
          [("OnDemand", 330.0), ("Reserved", 20.0), ("SavingsPlan", 40.0), ("Spot", 40.0)]),
    Query("savings of commitments", "saved",
          """SELECT sum(pricing_public_on_demand_cost) - sum(CASE line_item_line_item_type
                      WHEN 'DiscountedUsage' THEN reservation_effective_cost
                      ELSE savings_plan_savings_plan_effective_cost END) AS saved
             FROM cur WHERE line_item_line_item_type IN ('DiscountedUsage', 'SavingsPlanCoveredUsage')""",
          [(7.0,)]),
    Query("unused commitment", "unused",
          """SELECT sum(IF(line_item_line_item_type = 'RIFee',
               reservation_unused_amortized_upfront_fee_for_billing_period + reservation_unused_recurring_fee,
               savings_plan_total_commitment_to_date - savings_plan_used_commitment)) AS unused
             FROM cur WHERE line_item_line_item_type IN ('RIFee', 'SavingsPlanRecurringFee')""", [(1.75,)]),
    Query("views upon views", "account, usage_cost, all_cost",
          """WITH lines AS (SELECT * FROM cur WHERE billing_period = '2026-01'),
               usage AS (SELECT line_item_usage_account_id AS account, sum(line_item_unblended_cost) AS c
                         FROM lines WHERE line_item_line_item_type = 'Usage' GROUP BY 1),
               everything AS (SELECT line_item_usage_account_id AS account, sum(line_item_unblended_cost) AS c
                              FROM lines GROUP BY 1)
             SELECT e.account, u.c AS usage_cost, e.c AS all_cost FROM everything e
             LEFT JOIN usage u ON u.account = e.account ORDER BY 1""",
          [(PAYER, None, 39.0), (PLATFORM, 26.4, 25.9), (SHOP, 5.0, 5.0)]),
    Query("a view that takes the table's name", "lines",
          "WITH cur AS (SELECT * FROM cur WHERE line_item_line_item_type = 'Tax') SELECT count(*) AS lines FROM cur",
          [(2,)]),
    # ------------------------------------------------------------ windows
    Query("running total", "day, cost, running",
          """SELECT day, cost, sum(cost) OVER (ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running
             FROM (SELECT date(line_item_usage_start_date) AS day, sum(line_item_unblended_cost) AS cost FROM cur
                   WHERE month = '2' GROUP BY 1) ORDER BY day""",
          [("2026-02-01", 112.5, 112.5), ("2026-02-02", 4.0, 116.5), ("2026-02-03", 0.25, 116.75),
           ("2026-02-04", -5.0, 111.75)]),
    Query("change from month to month", "billing_period, cost, change",
          """SELECT billing_period, sum(line_item_unblended_cost) AS cost,
               sum(line_item_unblended_cost) - lag(sum(line_item_unblended_cost)) OVER (ORDER BY billing_period) AS change
             FROM cur WHERE line_item_product_code = 'AmazonS3' GROUP BY 1 ORDER BY 1""",
          [("2026-01", 3.0, None), ("2026-02", 0.5, -2.5)]),
    Query("dearest resource of each account", "account, resource",
          """SELECT account, resource FROM (
               SELECT line_item_usage_account_id AS account, line_item_resource_id AS resource,
                 row_number() OVER (PARTITION BY line_item_usage_account_id
                                    ORDER BY sum(line_item_unblended_cost) DESC) AS place
               FROM cur WHERE line_item_resource_id IS NOT NULL GROUP BY 1, 2) WHERE place = 1 ORDER BY 1""",
          [(PLATFORM, "i-1"), (SHOP, "bucket-logs")]),
    Query("share of the whole by window", "line_item_product_code, share",
          """SELECT line_item_product_code, sum(line_item_unblended_cost) / sum(sum(line_item_unblended_cost)) OVER ()
               AS share FROM cur WHERE line_item_line_item_type = 'Usage' AND month = '2' GROUP BY 1 ORDER BY 2 DESC""",
          [("AmazonEC2", 16 / 16.75), ("AmazonS3", 0.5 / 16.75), ("AWSLambda", 0.25 / 16.75)]),
    Query("rank with ties", "code, place", """
             SELECT line_item_product_code AS code, rank() OVER (ORDER BY count(*) DESC) AS place FROM cur
             GROUP BY 1 ORDER BY 2, 1"""),
    Query("seven day average", "day, average", """
             SELECT day, avg(cost) OVER (ORDER BY day ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) AS average FROM (
               SELECT date(line_item_usage_start_date) AS day, sum(line_item_unblended_cost) AS cost FROM cur GROUP BY 1
             ) ORDER BY day"""),
    # ------------------------------------------------------------ counting, ranking, collecting
    Query("distinct resources, approximately", "resources",
          "SELECT approx_distinct(line_item_resource_id) AS resources FROM cur", [(10,)]),
    Query("distinct numbers, every one", "numbers",
          "SELECT approx_distinct(n) AS numbers FROM UNNEST(sequence(1, 20000)) AS t(n)", [(20000,)]),
    Query("distinct accounts by month", "billing_period, accounts",
          """SELECT billing_period, approx_distinct(line_item_usage_account_id, 0.01) AS accounts FROM cur
             GROUP BY 1 ORDER BY 1""", [("2026-01", 3), ("2026-02", 3)]),
    Query("median cost of a usage line", "middle, high",
          """SELECT approx_percentile(line_item_unblended_cost, 0.5) AS middle,
               approx_percentile(line_item_unblended_cost, 0.9) AS high
             FROM cur WHERE line_item_line_item_type = 'Usage' AND month = '1'""", [(4.5, 10.0)]),
    Query("several percentiles at once", "percentiles",
          """SELECT approx_percentile(line_item_unblended_cost, ARRAY[0.5, 1.0]) AS percentiles FROM cur
             WHERE line_item_line_item_type = 'Usage' AND month = '1'""", [("[4.5, 10.0]",)]),
    Query("count on a condition", "spot, rest",
          """SELECT count_if(line_item_usage_type LIKE '%Spot%') AS spot,
               count(*) FILTER (WHERE line_item_usage_type LIKE 'BoxUsage%') AS rest FROM cur""", [(1, 6)]),
    Query("the usage type that cost most", "usage_type, least",
          """SELECT max_by(line_item_usage_type, line_item_unblended_cost) AS usage_type,
               min_by(line_item_usage_type, line_item_unblended_cost) AS least
             FROM cur WHERE line_item_line_item_type = 'Usage'""", [("BoxUsage:m5.large", "Lambda-GB-Second")]),
    Query("the one that has no usage type may win", "dearest, cheapest",
          """SELECT max_by(line_item_usage_type, line_item_unblended_cost) AS dearest,
               min_by(line_item_usage_type, line_item_unblended_cost) AS cheapest FROM cur""", [(None, None)]),
    Query("any name will do", "name",
          "SELECT arbitrary(bill_payer_account_id) AS name FROM cur", [(PAYER,)]),
    Query("services in a list", "services",
          """SELECT array_join(array_agg(DISTINCT line_item_product_code ORDER BY line_item_product_code), ', ') AS services
             FROM cur WHERE line_item_line_item_type = 'Usage'""", [("AWSLambda, AmazonEC2, AmazonS3",)]),
    Query("a map of what each service cost", "costs",
          """SELECT element_at(map_agg(code, cost), 'AmazonS3') AS costs FROM (
               SELECT line_item_product_code AS code, sum(line_item_unblended_cost) AS cost FROM cur GROUP BY 1)""",
          [(3.5,)]),
    Query("how many keys a made map has", "keys",
          "SELECT cardinality(map_agg(code, 1)) AS keys FROM (SELECT DISTINCT line_item_product_code AS code FROM cur)",
          [(5,)]),
    # ------------------------------------------------------------ text
    Query("instance type out of the usage type", "kind, cost",
          """SELECT split_part(line_item_usage_type, ':', 2) AS kind, sum(line_item_unblended_cost) AS cost FROM cur
             WHERE line_item_usage_type LIKE '%BoxUsage%' GROUP BY 1 ORDER BY 1""",
          [("m5.2xlarge", 0.0), ("m5.large", 27.0), ("m5.xlarge", 8.0), ("m6g.large", 4.0)]),
    Query("a part that is not there is null", "absent",
          "SELECT count(*) AS absent FROM cur WHERE line_item_usage_type IS NOT NULL AND split_part(line_item_usage_type, ':', 2) IS NULL",
          [(5,)]),
    Query("name at the end of an address", "function_name",
          """SELECT regexp_extract(line_item_resource_id, 'function:(.+)$', 1) AS function_name FROM cur
             WHERE regexp_extract(line_item_resource_id, 'function:(.+)$', 1) IS NOT NULL""", [("orders",)]),
    Query("regions by usage type prefix", "lines",
          "SELECT count(*) AS lines FROM cur WHERE regexp_like(line_item_usage_type, '^[A-Z]{2}-')", [(1,)]),
    Query("groups swapped by a replacement", "swapped",
          """SELECT DISTINCT regexp_replace(line_item_usage_type, '^(\\w+)-(\\w+):.*$', '$2/$1') AS swapped FROM cur
             WHERE line_item_usage_type LIKE 'EU-%'""", [("SpotUsage/EU",)]),
    Query("last part of a name", "tail",
          """SELECT DISTINCT element_at(split(line_item_resource_id, '/'), -1) AS tail FROM cur
             WHERE line_item_resource_id LIKE '%natgateway%'""", [("nat-1",)]),
    Query("text that is null stays null", "label, lines",
          """SELECT concat(line_item_product_code, '/', line_item_operation) AS label, count(*) AS lines FROM cur
             WHERE line_item_line_item_type IN ('Tax', 'Fee') GROUP BY 1""", [(None, 3)]),
    Query("amounts as people read them", "amount",
          "SELECT format('%.2f %s', sum(line_item_unblended_cost), 'USD') AS amount FROM cur WHERE month = '1'",
          [("69.90 USD",)]),
    Query("json of a label", "team", """SELECT json_extract_scalar('{"team": "shop"}', '$.team') AS team""",
          [("shop",)]),
    # ------------------------------------------------------------ time
    Query("last thirty days", "cost",
          """SELECT sum(line_item_unblended_cost) AS cost FROM cur
             WHERE line_item_usage_start_date >= current_date - INTERVAL '30' DAY""", [(123.15,)]),
    Query("previous month", "cost",
          """SELECT sum(line_item_unblended_cost) AS cost FROM cur
             WHERE bill_billing_period_start_date = date_trunc('month', current_date) - INTERVAL '1' MONTH""",
          [(69.9,)]),
    Query("this month so far", "cost",
          """SELECT sum(line_item_unblended_cost) AS cost FROM cur
             WHERE bill_billing_period_start_date >= date_trunc('month', date_add('month', 0, now()))""", [(111.75,)]),
    Query("the month before as a partition", "cost",
          """SELECT sum(line_item_unblended_cost) AS cost FROM cur
             WHERE year = date_format(date_add('month', -1, current_date), '%Y')
               AND month = CAST(month(date_add('month', -1, current_date)) AS varchar)""", [(69.9,)]),
    Query("hours between", "hours, days",
          """SELECT max(date_diff('hour', line_item_usage_start_date, line_item_usage_end_date)) AS hours,
               max(date_diff('day', line_item_usage_start_date, line_item_usage_end_date)) AS days FROM cur""",
          [(1, 0)]),
    Query("interval of a line parsed", "started, lines",
          """SELECT date(from_iso8601_timestamp(split_part(identity_time_interval, '/', 1))) AS started, count(*) AS lines
             FROM cur WHERE month = '2' GROUP BY 1 ORDER BY 1 LIMIT 1""", [("2026-02-01", 5)]),
    Query("date read from text", "lines",
          """SELECT count(*) AS lines FROM cur
             WHERE line_item_usage_start_date >= date_parse('2026-02-02 00:00:00', '%Y-%m-%d %H:%i:%s')
               AND line_item_usage_start_date < timestamp '2026-02-04 00:00:00'""", [(2,)]),
    Query("weekday", "weekday, lines",
          """SELECT day_of_week(line_item_usage_start_date) AS weekday, count(*) AS lines FROM cur
             WHERE month = '2' GROUP BY 1 ORDER BY 1""", [(1, 1), (2, 1), (3, 1), (7, 5)]),
    Query("month in Java's letters", "label",
          "SELECT DISTINCT format_datetime(bill_billing_period_start_date, 'MMM yyyy') AS label FROM cur WHERE month = '1'",
          [("Jan 2026",)]),
    Query("days of a month, joined", "day, cost",
          """SELECT d.day, coalesce(sum(c.line_item_unblended_cost), 0) AS cost
             FROM UNNEST(sequence(date '2026-02-01', date '2026-02-03', INTERVAL '1' DAY)) AS d(day)
             LEFT JOIN cur c ON date(c.line_item_usage_start_date) = d.day AND c.line_item_line_item_type = 'Usage'
             GROUP BY 1 ORDER BY 1""", [("2026-02-01T00:00:00", 12.5), ("2026-02-02T00:00:00", 4.0),
                                        ("2026-02-03T00:00:00", 0.25)]),
    Query("latest day there is", "newest", "SELECT max(date(line_item_usage_start_date)) AS newest FROM cur",
          [("2026-02-04",)]),
    # ------------------------------------------------------------ lists of one's own
    Query("names for accounts from values", "name, cost",
          f"""WITH names(account, name) AS (VALUES ('{PLATFORM}', 'platform'), ('{SHOP}', 'shop'))
              SELECT n.name, sum(c.line_item_unblended_cost) AS cost FROM cur c
              JOIN names n ON n.account = c.line_item_usage_account_id WHERE c.month = '1' GROUP BY 1 ORDER BY 1""",
          [("platform", 25.9), ("shop", 5.0)]),
    Query("rates from values in a subquery", "code, credited",
          """SELECT r.code, sum(line_item_unblended_cost * r.rate) AS credited
             FROM cur JOIN (VALUES ('AmazonS3', 0.5), ('AWSLambda', 2.0)) AS r(code, rate)
               ON line_item_product_code = r.code GROUP BY 1 ORDER BY 1""", [("AWSLambda", 0.5), ("AmazonS3", 1.75)]),
    Query("a list spread into rows", "word, lines",
          """SELECT t.word, count(*) AS lines FROM cur CROSS JOIN UNNEST(ARRAY['Tax', 'Credit']) AS t(word)
             WHERE line_item_line_item_type = t.word GROUP BY 1 ORDER BY 1""", [("Credit", 2), ("Tax", 2)]),
    Query("lists spread side by side, numbered", "name, rate, n",
          """SELECT name, rate, n FROM UNNEST(ARRAY['a', 'b'], ARRAY[1, 2]) WITH ORDINALITY AS t(name, rate, n)
             ORDER BY n""", [("a", 1, 1), ("b", 2, 2)]),
    Query("several levels of totals", "account, code, cost",
          """SELECT line_item_usage_account_id AS account, line_item_product_code AS code,
               sum(line_item_unblended_cost) AS cost FROM cur WHERE line_item_line_item_type = 'Usage' AND month = '2'
             GROUP BY GROUPING SETS ((line_item_usage_account_id, line_item_product_code), ()) ORDER BY 3 DESC""",
          [(None, None, 16.75), (PLATFORM, "AmazonEC2", 16.0), (SHOP, "AmazonS3", 0.5), (SHOP, "AWSLambda", 0.25)]),
    Query("union of two months", "label, cost",
          """SELECT 'before' AS label, sum(line_item_unblended_cost) AS cost FROM cur WHERE month = '1'
             UNION ALL SELECT 'after', sum(line_item_unblended_cost) FROM cur WHERE month = '2' ORDER BY 2""",
          [("before", 69.9), ("after", 111.75)]),
    Query("resources of one month only", "gone",
          """SELECT count(*) AS gone FROM (
               SELECT line_item_resource_id FROM cur WHERE month = '1' AND line_item_resource_id IS NOT NULL
               EXCEPT SELECT line_item_resource_id FROM cur WHERE month = '2')""", [(6,)]),
    # ------------------------------------------------------------ where the dialects differ
    Query("whole numbers divide to whole numbers", "half, exact",
          "SELECT count(*) / 2 AS half, CAST(count(*) AS double) / 2 AS exact FROM cur", [(11, 11.5)]),
    Query("nulls come last both ways", "up, down",
          """SELECT max_by(v, p) AS up, max_by(v, q) AS down FROM (
               SELECT v, row_number() OVER (ORDER BY v) AS p, row_number() OVER (ORDER BY v DESC) AS q
               FROM (VALUES 1, NULL, 2) AS t(v))""", [(None, None)]),
    Query("the greatest of nothing is nothing", "most", "SELECT greatest(1, CAST(NULL AS integer)) AS most", [(None,)]),
    Query("what cannot be told is null", "value, quotient",
          "SELECT TRY_CAST('m5' AS double) AS value, TRY(1 / 0) AS quotient", [(None, None)]),
    Query("an amount as an exact decimal", "amount",
          "SELECT sum(CAST(line_item_unblended_cost AS decimal(16, 8))) AS amount FROM cur WHERE month = '1'",
          [("69.90",)]),
    Query("slice by length", "part", "SELECT slice(ARRAY[1, 2, 3, 4], 2, 2) AS part", [("[2, 3]",)]),
    Query("text cut to its length", "kind", "SELECT DISTINCT CAST(line_item_product_code AS varchar(6)) AS kind FROM cur ORDER BY 1",
          [("AWSLam",), ("AWSSup",), ("Amazon",), ("Comput",)]),
    Query("days that have passed, not midnights", "days, months",
          """SELECT date_diff('day', timestamp '2026-01-01 23:00:00', timestamp '2026-01-02 01:00:00') AS days,
               date_diff('month', date '2026-01-31', date '2026-02-01') AS months""", [(0, 0)]),
    Query("a date stays a date", "before, after, next, first",
          """SELECT CAST(current_date - INTERVAL '1' DAY AS varchar) AS before,
               CAST(date '2026-01-31' + INTERVAL '1' DAY AS varchar) AS after,
               CAST(date_add('month', 1, current_date) AS varchar) AS next,
               CAST(date_trunc('month', current_date) AS varchar) AS first""",
          [("2026-02-03", "2026-02-01", "2026-03-04", "2026-02-01")]),
    Query("hour elsewhere", "tokyo, same",
          """SELECT hour(timestamp '2026-01-01 12:00:00' AT TIME ZONE 'Asia/Tokyo') AS tokyo,
               hour(at_timezone(from_iso8601_timestamp('2026-01-01T12:00:00Z'), 'Asia/Tokyo')) AS same""", [(21, 21)]),
    Query("a date in Java's letters", "day", "SELECT parse_datetime('5.1.2026', 'd.M.yyyy') AS day",
          [("2026-01-05T00:00:00",)]),
    Query("all and none of a list", "every, all, none",
          """SELECT every(n > 0) AS "every", all_match(array_agg(n), x -> x > 1) AS "all",
               none_match(array_agg(n), x -> x > 2) AS "none" FROM (VALUES 1, 2) AS t(n)""", [(True, False, True)]),
    Query("a map with other values", "doubled",
          "SELECT element_at(transform_values(map_agg(k, v), (k, v) -> v * 2), 'a') AS doubled FROM (VALUES ('a', 2)) AS t(k, v)",
          [(4,)]),
    Query("letters and distances", "letter, distance, pairs",
          """SELECT codepoint('A') AS letter, levenshtein_distance('m5', 'm6i') AS distance,
               cardinality(zip(ARRAY[1, 2], ARRAY[3, 4])) AS pairs""", [(65, 2, 2)]),
    Query("any of a list", "has", "SELECT any_match(ARRAY[1, 2], x -> x > 1) AS has", [(True,)]),
    # ------------------------------------------------------------ usage and resources
    Query("gateway processing", "gateway, gigabytes, rate",
          """SELECT line_item_resource_id AS gateway, sum(line_item_usage_amount) AS gigabytes,
               sum(line_item_unblended_cost) / sum(line_item_usage_amount) AS rate
             FROM cur WHERE line_item_usage_type LIKE '%NatGateway-Bytes' GROUP BY 1""",
          [(f"arn:aws:ec2:us-east-1:{PLATFORM}:natgateway/nat-1", 100.0, 0.045)]),
    Query("old volumes", "volume, cost, saving",
          """SELECT line_item_resource_id AS volume, sum(line_item_unblended_cost) AS cost,
               round(sum(line_item_unblended_cost) * 0.2, 2) AS saving
             FROM cur WHERE line_item_usage_type LIKE '%VolumeUsage.gp2' GROUP BY 1 HAVING sum(line_item_unblended_cost) > 1""",
          [("vol-1", 6.0, 1.2)]),
    Query("spot savings", "saved",
          """SELECT sum(pricing_public_on_demand_cost - line_item_unblended_cost) AS saved FROM cur
             WHERE line_item_usage_type LIKE '%SpotUsage%'""", [(2.0,)]),
    Query("requests priced per thousand", "per_thousand",
          """SELECT sum(line_item_unblended_cost) / (sum(line_item_usage_amount) / 1000) AS per_thousand FROM cur
             WHERE line_item_usage_type LIKE '%Requests-Tier1%'""", [(0.5,)]),
    Query("without the rows that restate others", "cost",
          """SELECT sum(line_item_unblended_cost) AS cost FROM cur
             WHERE coalesce(line_item_operation, '') NOT IN ('EKSPod-EC2', 'ECSTask-EC2')""", [(181.65,)]),
    Query("newer chips", "share",
          """SELECT sum(IF({family} LIKE '%g', line_item_usage_amount, 0)) / sum(line_item_usage_amount) AS share
             FROM cur WHERE {instance_type} <> '' AND month = '2'""", [(60 / 180,)]),
]  # fmt: skip

ONLY_CUR_2 = [
    Query("labels spread into rows", "key, value, cost",
          """SELECT t.key, t.value, sum(line_item_unblended_cost) AS cost FROM cur
             CROSS JOIN UNNEST(resource_tags) AS t(key, value) WHERE month = '2' GROUP BY 1, 2 ORDER BY 3 DESC""",
          [("user_project", "alpha", 12.0), ("user_project", "beta", 4.0)]),
    Query("keys in use", "key",
          """SELECT DISTINCT key FROM cur CROSS JOIN UNNEST(map_keys(product)) AS t(key) ORDER BY 1""",
          [("instance_type",), ("instance_type_family",), ("operating_system",), ("product_name",), ("region",),
           ("transfer_type",)]),
    Query("a key that may be absent", "project, lines",
          """SELECT element_at(resource_tags, 'user_project') AS project, count(*) AS lines FROM cur
             GROUP BY 1 ORDER BY 1""", [("alpha", 5), ("beta", 2), (None, 16)]),
    Query("how many labels", "labels, lines",
          "SELECT cardinality(resource_tags) AS labels, count(*) AS lines FROM cur GROUP BY 1 ORDER BY 1",
          [(0, 16), (1, 7)]),
    Query("labels kept by a condition", "kept",
          """SELECT DISTINCT cardinality(map_filter(product, (k, v) -> k LIKE 'instance%')) AS kept FROM cur
             ORDER BY 1""", [(0,), (2,)]),
]  # fmt: skip
ONLY_LEGACY = [
    Query("labels as columns", "resource_tags_user_project, cost",
          """SELECT resource_tags_user_project, sum(line_item_unblended_cost) AS cost FROM cur
             WHERE resource_tags_user_project <> '' GROUP BY 1 ORDER BY 1""", [("alpha", 32.9), ("beta", 9.0)]),
    Query("attributes as columns", "product_operating_system, hours",
          """SELECT product_operating_system, sum(line_item_usage_amount) AS hours FROM cur
             WHERE product_operating_system = 'Linux' GROUP BY 1""", [("Linux", 310.0)]),
]  # fmt: skip
