"""An offer file as CSV: five lines about the file, a line of column names, a line for each price.

The format has no end of its own: a file that was cut exactly between two lines reads as a whole one.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import BinaryIO

from finops_mcp.exports.offers.shapes import (
    SAVINGS_PLANS,
    SERVICE,
    TERMS,
    Head,
    OneCurrency,
    Refused,
    Shape,
    Write,
    check_plan_type,
    checked_price,
    head_of,
    squeezed,
)

_ABOUT = 5
_NO_OFFER = (
    "it is no offer file: one begins with FormatVersion, Disclaimer, Publication Date, Version, OfferCode"
)


def read_csv(file: BinaryIO, product: Write, price: Write) -> Head:
    """Read a file to its end. Raises Refused, and what a broken archive or text raises."""
    with io.TextIOWrapper(file, "utf-8-sig", newline="") as text:
        said = _Lines(text)
        lines = csv.reader(said, strict=True)
        about = [line for _ in range(_ABOUT) if (line := next(lines, []))]
        told = {squeezed(line[0]): line[1] for line in about if len(line) > 1}
        if "formatversion" not in told or "offercode" not in told:
            raise Refused("line 1", _NO_OFFER)
        rows = _Rows([squeezed(name) for name in next(lines, [])])
        row: Sequence[str] = []
        for row in lines:
            rows.take(f"line {lines.line_num}", row, product, price)
        if not said.ended and not _is_whole(said.last.rstrip(), row):
            raise Refused(f"line {lines.line_num}", "it does not end with a whole line; it may be cut short")
    code = told["offercode"] if rows.shape is SERVICE else min(rows.codes, default="")
    return head_of(rows.shape, told, rows.currency, f"line {_ABOUT}", code)


class _Rows:
    """The rows below one header: each is a price and names its product again."""

    def __init__(self, header: Sequence[str]) -> None:
        self.shape = _shape(header)
        self.currency = OneCurrency()
        self.codes: set[str] = set()
        self._columns = len(header)
        self._product, self._price = (_picked(header, c) for c in (self.shape.products, self.shape.prices))
        self._at = {name: place for place, name in enumerate(self.shape.prices)}
        self._before = ""

    def take(self, place: str, row: Sequence[str], product: Write, price: Write) -> None:
        """Pass on one row; its product where it is another than that of the row before. Raises Refused."""
        if len(row) != self._columns:
            raise Refused(place, f"it has {len(row)} values for {self._columns} columns; it may be cut short")
        padded = [*row, ""]
        priced = list(self._price(padded))
        if self.shape is SERVICE and priced[self._at["termtype"]] not in TERMS:
            return
        at = self._at[self.shape.price]
        priced[at] = checked_price(priced[at], place)
        self.currency.check(priced[self._at["currency"]], place)
        if priced[0] != self._before:
            self._before = priced[0]
            of_product = dict(zip(self.shape.products, self._product(padded), strict=True))
            if self.shape is SAVINGS_PLANS:
                check_plan_type(of_product["productfamily"], place)
            self.codes.add(of_product["servicecode"])
            product(list(of_product.values()))
        price(priced)


class _Lines:
    """The lines of a text, and how the last of them ended."""

    def __init__(self, text: Iterable[str]) -> None:
        self._text = text
        self.last = ""

    @property
    def ended(self) -> bool:
        """Whether the last line that was read has an end."""
        return self.last.endswith(("\n", "\r"))

    def __iter__(self) -> Iterator[str]:
        for line in self._text:
            self.last = line
            yield line


def _is_whole(text: str, row: Sequence[str]) -> bool:
    """Tell whether a last line without an end has all of its last value: quoted, or known from another."""
    return text.endswith('"') or any(row[-1] and v.endswith(f":{row[-1]}") for v in row[:-1])


def _shape(header: Sequence[str]) -> Shape:
    for shape in (SERVICE, SAVINGS_PLANS):
        if shape.price in header:
            missing = [name for name in shape.needed if name not in header]
            if missing:
                raise Refused(f"line {_ABOUT + 1}", f"it has no column {', '.join(missing)}")
            return shape
    raise Refused(
        f"line {_ABOUT + 1}", "it has the columns neither of a service's prices nor of Savings Plans"
    )


def _picked(header: Sequence[str], columns: Sequence[str]) -> Callable[[Sequence[str]], Iterable[str]]:
    """Pick columns from a row that ends with one empty value more, for those that the file lacks."""
    return itemgetter(*(header.index(c) if c in header else len(header) for c in columns))
