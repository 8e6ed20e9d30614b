"""An offer file as JSON: products by SKU, and their prices by term; read part by part, never whole.

Each part is a pass of its own over the file: products come before their prices as AWS writes them, but a
tool may have sorted the keys since. Every pass but the first goes to the file's end, so a cut is found.
"""

from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

import ijson

from finops_mcp.exports.offers.shapes import (
    SAVINGS_PLANS,
    SERVICE,
    TERMS,
    Head,
    OneCurrency,
    Refused,
    Write,
    check_plan_type,
    checked_price,
    head_of,
    squeezed,
)

_START = "its beginning"
_NO_OFFER = "it is no offer file: one has the keys version, publicationDate, products and terms"
_INDEX = "it is an index, which names the addresses of offer files and holds no price: fetch one of those"


def read_json(file: BinaryIO, product: Write, price: Write) -> Head:
    """Read a file to its end. Raises Refused, and what a broken archive raises."""
    try:
        said, listed = _about(file)
        file.seek(0)
        if listed:
            return _read_plans(file, said, product, price)
        return _read_service(file, said, product, price)
    except ijson.IncompleteJSONError as error:
        raise Refused("at its end", f"it was cut short ({_told(error)})") from error
    except (ijson.JSONError, AttributeError, KeyError, TypeError) as error:
        raise Refused("on the way", f"it is not written as AWS writes it ({_told(error)})") from error


def _about(file: BinaryIO) -> tuple[dict[str, str], bool]:
    """Read what a file says of itself, and whether its products are a list, as those of plans are."""
    said: dict[str, str] = {}
    shape = ""
    for prefix, event, value in ijson.parse(file):
        if prefix in {"regions", "offers", "versions"}:
            raise Refused(_START, _INDEX)
        if event == "string" and prefix and "." not in prefix:
            said[squeezed(prefix)] = value
        if prefix == "products" and event.startswith("start_"):
            shape = event
        if shape and "version" in said and "publicationdate" in said:
            return said, shape == "start_array"
    raise Refused(_START, _NO_OFFER)


def _read_service(file: BinaryIO, said: Mapping[str, str], product: Write, price: Write) -> Head:
    for sku, given in ijson.kvitems(file, "products"):
        known = {squeezed(name): value for name, value in given.get("attributes", {}).items()}
        product([sku, *(known.get(name, "") for name in SERVICE.products[1:])])
    currency = OneCurrency()
    for term in TERMS:
        file.seek(0)
        for sku, offers in ijson.kvitems(file, f"terms.{term}"):
            for row in _service_prices(sku, term, offers, currency):
                price(row)
    return head_of(SERVICE, said, currency, _START, said.get("offercode", ""))


def _service_prices(
    sku: str, term: str, offers: Mapping[str, Any], currency: OneCurrency
) -> Iterable[list[str]]:
    for offer in offers.values():
        sold = offer.get("termAttributes", {})
        for code, rate in offer["priceDimensions"].items():
            place = f"rate {code}"
            if len(rate["pricePerUnit"]) != 1:
                raise Refused(place, "it has no price, or prices in several currencies")
            ((priced_in, amount),) = rate["pricePerUnit"].items()
            currency.check(priced_in, place)
            yield [
                sku,
                offer["offerTermCode"],
                code,
                term,
                rate.get("description", ""),
                rate.get("beginRange", ""),
                rate.get("endRange", ""),
                rate["unit"],
                checked_price(amount, place),
                priced_in,
                sold.get("LeaseContractLength", ""),
                sold.get("PurchaseOption", ""),
                sold.get("OfferingClass", ""),
            ]


def _read_plans(file: BinaryIO, said: Mapping[str, str], product: Write, price: Write) -> Head:
    codes = set()
    for given in ijson.items(file, "products.item"):
        known = {squeezed(name): value for name, value in given.get("attributes", {}).items()}
        check_plan_type(given["productFamily"], f"product {given['sku']}")
        codes.add(given["serviceCode"])
        product(
            [
                given["sku"],
                given["serviceCode"],
                given["productFamily"],
                known.get("instancefamily") or known.get("instancetype", ""),
                known.get("purchaseoption", ""),
            ]
        )
    file.seek(0)
    currency = OneCurrency()
    for term in ijson.items(file, "terms.savingsPlan.item"):
        for row in _plan_prices(term, currency):
            price(row)
    return head_of(SAVINGS_PLANS, said, currency, _START, min(codes, default=""))


def _plan_prices(term: Mapping[str, Any], currency: OneCurrency) -> Iterable[list[str]]:
    length = term["leaseContractLength"]
    for rate in term["rates"]:
        place = f"rate {rate['rateCode']}"
        currency.check(rate["discountedRate"]["currency"], place)
        yield [
            term["sku"],
            rate["rateCode"],
            rate["unit"],
            checked_price(rate["discountedRate"]["price"], place),
            rate["discountedRate"]["currency"],
            rate["discountedServiceCode"],
            rate["discountedUsageType"],
            rate.get("discountedOperation", ""),
            str(length["duration"]),
            length["unit"],
            rate.get("discountedRegionCode", ""),
            rate.get("discountedInstanceType", ""),
        ]


def _told(error: BaseException) -> str:
    return (str(error).splitlines() or [""])[0] or type(error).__name__
