"""AWS's own offer files, as the Price List Bulk API publishes them: what each kind of file says, row by row.

Two kinds: of a service (on demand and reserved) and of Savings Plans, each as JSON or CSV, plain or gzip.
A file may be hundreds of MB in one document, so it is read as it comes and never held. What it says leaves
in two flat files, products and prices, that one SELECT for each kind joins: JSON and CSV read the same.
"""

import csv
import gzip
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from finops_mcp.errors import OfferFileUnreadable
from finops_mcp.exports.offers.csv_files import read_csv
from finops_mcp.exports.offers.shapes import Head, Refused, Shape, Write

_GZIP = b"\x1f\x8b"
_UNREADABLE = (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error)


def unpack_offer(path: Path, folder: Path) -> tuple[Head, Path, Path]:
    """Write what an offer file says into `folder`, as products.csv and prices.csv.

    Their columns are those of the head's shape, in its order; their first line is nobody's. Raises
    OfferFileUnreadable, which names the place.
    """
    products, prices = folder / "products.csv", folder / "prices.csv"
    with ExitStack() as stack:
        out = [stack.enter_context(p.open("w", newline="", encoding="utf-8")) for p in (products, prices)]
        writers = [csv.writer(file) for file in out]
        for writer in writers:
            writer.writerow(["header"])
        try:
            head = _head(path, writers[0].writerow, writers[1].writerow)
        except Refused as refused:
            raise OfferFileUnreadable(str(path), refused.place, refused.why) from refused
        except _UNREADABLE as error:
            raise OfferFileUnreadable(str(path), "at its end or on the way", _told(error)) from error
    return head, products, prices


def _head(path: Path, product: Write, price: Write) -> Head:
    with _opened(path) as file:
        first = file.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
        file.seek(0)
        if first in {b"{", b"["}:
            from finops_mcp.exports.offers.json_files import read_json

            return read_json(file, product, price)
        return read_csv(file, product, price)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file, unpacked where its first bytes say that it is packed, whatever its name."""
    with path.open("rb") as plain:
        packed = plain.read(2) == _GZIP
        plain.seek(0)
        if not packed:
            yield plain
            return
        with gzip.open(plain) as unpacked:
            yield cast("BinaryIO", unpacked)


def _told(error: BaseException) -> str:
    said = (str(error).splitlines() or [""])[0] or type(error).__name__
    cut = isinstance(error, EOFError) or "end of data" in said
    return f"it was cut short ({said})" if cut else said


__all__ = ["Head", "Shape", "unpack_offer"]
