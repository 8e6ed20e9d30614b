"""Offer files in the shape of AWS's Price List Bulk API, with made-up prices."""

import csv
import gzip
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PUBLISHED = "2026-01-12T22:53:08Z"
NOTE = "This pricing list is for informational purposes only. All prices are subject to additional terms."
FORMATS = ("json", "csv", "json.gz", "csv.gz")


@dataclass(frozen=True)
class Reserved:
    """One reserved offer of a product: a recurring price, a fee upfront, or both."""

    code: str
    term: str
    option: str
    hourly: str | None = None
    upfront: str | None = None
    offering_class: str = "standard"


@dataclass(frozen=True)
class Product:
    """One product of a service: its attributes, its tiers (from, to, price), and its reserved offers."""

    sku: str
    usage_type: str
    operation: str
    tiers: Sequence[tuple[str, str, str]]
    reserved: Sequence[Reserved] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    unit: str = "Hrs"
    region: str = "us-east-1"


@dataclass(frozen=True)
class Plan:
    """One Savings Plan and its rates: SKU, service, usage type, operation, instance type, price."""

    sku: str
    plan_type: str
    years: int
    option: str
    rates: Sequence[tuple[str, str, str, str, str, str]]
    family: str = ""


M5 = Product(
    "AAAA1111AAAA1111",
    "BoxUsage:m5.large",
    "RunInstances",
    [("0", "Inf", "0.1000000000")],
    [
        Reserved("T1NO", "1yr", "No Upfront", hourly="0.0630000000"),
        Reserved("T1PA", "1yr", "Partial Upfront", hourly="0.0300000000", upfront="275"),
        Reserved("T1AL", "1yr", "All Upfront", hourly="0.0000000000", upfront="700.80"),
        Reserved("C3AL", "3yr", "All Upfront", upfront="1314", offering_class="convertible"),
    ],
    {"instanceType": "m5.large", "tenancy": "Shared", "operatingSystem": "Linux", "preInstalledSw": "NA"},
)
WINDOWS = Product(
    "BBBB2222BBBB2222",
    "BoxUsage:m5.large",
    "RunInstances:0002",
    [("0", "Inf", "0.1920000000")],
    (),
    {"instanceType": "m5.large", "tenancy": "Shared", "operatingSystem": "Windows", "preInstalledSw": "NA"},
)
EGRESS = Product(
    "CCCC3333CCCC3333",
    "DataTransfer-Out-Bytes",
    "",
    [("0", "10240", "0.0900000000"), ("10240", "51200", "0.0850000000"), ("51200", "Inf", "0.0700000000")],
    unit="GB",
)
COMPUTE = Plan(
    "PLANC1NOUPFRONT1",
    "ComputeSavingsPlans",
    1,
    "No Upfront",
    [
        ("AAAA1111AAAA1111", "AmazonEC2", "BoxUsage:m5.large", "RunInstances", "m5.large", "0.073"),
        ("DDDD4444DDDD4444", "AmazonECS", "USE1-Fargate-vCPU-Hours:perCPU", "", "", "0.0323841"),
    ],
)
INSTANCE = Plan(
    "PLANE3ALLUPFRNT3",
    "EC2InstanceSavingsPlans",
    3,
    "All Upfront",
    [
        ("AAAA1111AAAA1111", "AmazonEC2", "BoxUsage:m5.large", "RunInstances", "m5.large", "0.039"),
        ("EEEE5555EEEE5555", "AmazonEC2", "DedicatedUsage:m5.large", "RunInstances", "m5.large", "0.0411"),
    ],
    family="m5",
)


def write_service(
    path: Path,
    products: Sequence[Product] = (M5, WINDOWS, EGRESS),
    *,
    code: str = "AmazonEC2",
    published: str = PUBLISHED,
    currency: str = "USD",
) -> Path:
    """Write a service's offer file in the format that the path's name ends with."""
    head = _head(published)
    text = (
        _service_json(products, code, head, currency)
        if ".json" in path.name
        else _service_csv(products, code, head, currency)
    )
    return _written(path, text)


def write_plans(
    path: Path,
    plans: Sequence[Plan] = (COMPUTE, INSTANCE),
    *,
    published: str = PUBLISHED,
    currency: str = "USD",
) -> Path:
    """Write an offer file of Savings Plans in the format that the path's name ends with."""
    head = _head(published)
    text = _plans_json(plans, head, currency) if ".json" in path.name else _plans_csv(plans, head, currency)
    return _written(path, text)


def _written(path: Path, text: str) -> Path:
    path.write_bytes(gzip.compress(text.encode(), mtime=0) if path.name.endswith(".gz") else text.encode())
    return path


def _head(published: str) -> dict[str, str]:
    version = "".join(c for c in published if c.isdigit())
    return {"version": version, "publicationDate": published}


def _service_json(products: Sequence[Product], code: str, head: Mapping[str, str], currency: str) -> str:
    terms: dict[str, dict[str, Any]] = {"OnDemand": {}, "Reserved": {}}
    for p in products:
        dimensions = {
            f"{p.sku}.OD.{n}": _dimension(f"{p.sku}.OD.{n}", "a price", p.unit, price, currency)
            | {"beginRange": low, "endRange": high}
            for n, (low, high, price) in enumerate(p.tiers)
        }
        terms["OnDemand"][p.sku] = {f"{p.sku}.OD": _term(p.sku, "OD", dimensions, {})}
        for r in p.reserved:
            key = f"{p.sku}.{r.code}"
            parts = {}
            if r.hourly is not None:
                parts[f"{key}.H"] = _dimension(f"{key}.H", "Linux/UNIX, applied", "Hrs", r.hourly, currency)
                parts[f"{key}.H"] |= {"beginRange": "0", "endRange": "Inf"}
            if r.upfront is not None:
                parts[f"{key}.U"] = _dimension(f"{key}.U", "Upfront Fee", "Quantity", r.upfront, currency)
            sold = {
                "LeaseContractLength": r.term,
                "OfferingClass": r.offering_class,
                "PurchaseOption": r.option,
            }
            terms["Reserved"].setdefault(p.sku, {})[key] = _term(p.sku, r.code, parts, sold)
    file = {
        "formatVersion": "v1.0",
        "disclaimer": NOTE,
        "offerCode": code,
        **head,
        "products": {
            p.sku: {"sku": p.sku, "productFamily": "Compute Instance", "attributes": _attributes(p, code)}
            for p in products
        },
        "terms": terms,
        "attributesList": {},
    }
    return json.dumps(file, indent=2)


def _attributes(p: Product, code: str) -> dict[str, str]:
    attributes = {"servicecode": code, "location": "US East (N. Virginia)", "regionCode": p.region}
    return attributes | {"usagetype": p.usage_type, "operation": p.operation} | dict(p.attributes)


def _dimension(code: str, description: str, unit: str, price: str, currency: str) -> dict[str, Any]:
    priced = {"rateCode": code, "description": description, "unit": unit, "pricePerUnit": {currency: price}}
    return priced | {"appliesTo": []}


def _term(sku: str, code: str, dimensions: Mapping[str, Any], sold: Mapping[str, str]) -> dict[str, Any]:
    return {
        "offerTermCode": code,
        "sku": sku,
        "effectiveDate": "2026-01-01T00:00:00Z",
        "priceDimensions": dimensions,
        "termAttributes": sold,
    }


_SERVICE_COLUMNS = (
    "SKU,OfferTermCode,RateCode,TermType,PriceDescription,EffectiveDate,StartingRange,EndingRange,Unit"
    ",PricePerUnit,Currency,RelatedTo,LeaseContractLength,PurchaseOption,OfferingClass,Product Family"
    ",serviceCode,Location,Instance Type,Tenancy,Operating System,usageType,operation,Pre Installed S/W"
    ",Region Code,serviceName"
)


def _service_csv(products: Sequence[Product], code: str, head: Mapping[str, str], currency: str) -> str:
    out = [_quoted(line) for line in _about(head, code)]
    out.append(_quoted(_SERVICE_COLUMNS.split(",")))
    for p in products:
        product = [
            "Compute Instance",
            code,
            "US East (N. Virginia)",
            p.attributes.get("instanceType", ""),
            p.attributes.get("tenancy", ""),
            p.attributes.get("operatingSystem", ""),
            p.usage_type,
            p.operation,
            p.attributes.get("preInstalledSw", ""),
            p.region,
            "Amazon Elastic Compute Cloud",
        ]
        for n, (low, high, price) in enumerate(p.tiers):
            priced = [p.sku, "OD", f"{p.sku}.OD.{n}", "OnDemand", "a price", "2026-01-01", low, high, p.unit]
            out.append(_quoted([*priced, price, currency, "", "", "", "", *product]))
        for r in p.reserved:
            sold = ["", r.term, r.option, r.offering_class]
            key = f"{p.sku}.{r.code}"
            start = [p.sku, r.code]
            if r.upfront is not None:
                paid = [f"{key}.U", "Reserved", "Upfront Fee", "2026-01-01", "", "", "Quantity", r.upfront]
                out.append(_quoted([*start, *paid, currency, *sold, *product]))
            if r.hourly is not None:
                paid = [
                    f"{key}.H",
                    "Reserved",
                    "Linux/UNIX, applied",
                    "2026-01-01",
                    "0",
                    "Inf",
                    "Hrs",
                    r.hourly,
                ]
                out.append(_quoted([*start, *paid, currency, *sold, *product]))
    return "\n".join(out) + "\n"


def _quoted(line: Sequence[str]) -> str:
    return ",".join(f'"{value}"' if value else "" for value in line)


def _about(head: Mapping[str, str], code: str) -> list[list[str]]:
    return [
        ["FormatVersion", "v1.0"],
        ["Disclaimer", NOTE],
        ["Publication Date", head["publicationDate"]],
        ["Version", head["version"]],
        ["OfferCode", code],
    ]


def _plans_json(plans: Sequence[Plan], head: Mapping[str, str], currency: str) -> str:
    products, terms = [], []
    for plan in plans:
        attributes = {
            "purchaseOption": plan.option,
            "granularity": "hourly",
            "purchaseTerm": f"{plan.years}yr",
            "location": "Any",
        }
        products.append(
            {
                "sku": plan.sku,
                "productFamily": plan.plan_type,
                "serviceCode": "ComputeSavingsPlans",
                "usageType": "ComputeSP",
                "operation": "",
                "attributes": attributes | ({"instanceType": plan.family} if plan.family else {}),
            }
        )
        rates = [
            {
                "discountedSku": sku,
                "discountedUsageType": usage,
                "discountedOperation": operation,
                "discountedServiceCode": service,
                "rateCode": f"{plan.sku}.{sku}",
                "unit": "Hrs",
                "discountedRate": {"price": price, "currency": currency},
                "discountedRegionCode": "us-east-1",
                "discountedInstanceType": machine,
            }
            for sku, service, usage, operation, machine, price in plan.rates
        ]
        terms.append(
            {
                "sku": plan.sku,
                "description": f"{plan.years} year {plan.option}",
                "effectiveDate": "2026-01-01T00:00:00Z",
                "leaseContractLength": {"duration": plan.years, "unit": "year"},
                "rates": rates,
            }
        )
    file = {**head, "regionCode": "us-east-1", "products": products, "terms": {"savingsPlan": terms}}
    return json.dumps(file, indent=2)


_PLAN_COLUMNS = (
    "SKU,RateCode,Unit,EffectiveDate,DiscountedRate,Currency,DiscountedSKU,DiscountedServiceCode"
    ",DiscountedUsageType,DiscountedOperation,PurchaseOption,LeaseContractLength,LeaseContractLengthUnit"
    ",ServiceCode,UsageType,Operation,Description,Instance Family,Location,Location Type,Granularity"
    ",Product Family,DiscountedRegionCode,DiscountedInstanceType"
)


def _plans_csv(plans: Sequence[Plan], head: Mapping[str, str], currency: str) -> str:
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n").writerow
    for line in _about(head, "AmazonComputeSavingsPlan"):
        write(line)
    write(_PLAN_COLUMNS.split(","))
    for plan in plans:
        for sku, service, usage, operation, machine, price in plan.rates:
            priced = [
                plan.sku,
                f"{plan.sku}.{sku}",
                "Hrs",
                "2026-01-01T00:00:00Z",
                price,
                currency,
                sku,
                service,
            ]
            sold = [
                usage,
                operation,
                plan.option,
                str(plan.years),
                "year",
                "ComputeSavingsPlans",
                "ComputeSP",
                "",
            ]
            rest = [
                "a plan",
                plan.family,
                "Any",
                "AWS Region",
                "hourly",
                plan.plan_type,
                "us-east-1",
                machine,
            ]
            write([*priced, *sold, *rest])
    return out.getvalue()
