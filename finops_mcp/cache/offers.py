"""The prices that the user gave: AWS's offer files, each kept as one compact file of rates.

Of one offer and region the newest stays (of one version the fullest), in whatever order they are given.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import duckdb

from finops_mcp.cache.engine import EngineLimits
from finops_mcp.cache.home import Home
from finops_mcp.cache.offers_file import Held, described, write_offer
from finops_mcp.cache.room import told_when_full
from finops_mcp.errors import OfferFileUnreadable
from finops_mcp.exports.offers import unpack_offer


def held_files(home: Home) -> tuple[Path, ...]:
    """List the files that are held; their names change whenever what they tell does."""
    return tuple(sorted(home.prices.glob("[!.]*.duckdb")))


def held(home: Home, limits: EngineLimits) -> list[Held]:
    """Say what the files that are held are, by offer and region. Raises OfferFileUnreadable."""
    found = [described(path, limits) for path in held_files(home)]
    return sorted(found, key=lambda one: one.name)


def keep_offer(
    home: Home, path: Path, limits: EngineLimits, currencies: Sequence[str] = ()
) -> tuple[Held, Held | None]:
    """Take an offer file into the home; say what it is, and which newer one stays in force if one does.

    Where the bill is in some `currencies`, the file has to be priced in one of them.

    Raises OfferFileUnreadable and NoRoom; nothing is changed then.
    """
    home.made().prices.mkdir(mode=0o700, exist_ok=True)
    with told_when_full(home), _alone(home) as folder:
        head, products, prices = unpack_offer(path, folder)
        if currencies and head.currency not in currencies:
            why = f"it is priced in {head.currency} and the bill is in {', '.join(currencies)}"
            raise OfferFileUnreadable(str(path), "as a whole", f"{why}: nothing is converted")
        file = folder / "rates.duckdb"
        try:
            given = write_offer(file, head, products, prices, limits)
        except duckdb.OutOfMemoryException as error:
            why = f"it needs more memory than FINOPS_MEMORY_LIMIT gives ({limits.memory_limit})"
            raise OfferFileUnreadable(str(path), "as a whole", why) from error
        if not given.rates:
            raise OfferFileUnreadable(str(path), "as a whole", "none of its prices is of a product in it")
        others = held(home, limits)
        newer = [one for one in others if given.yields_to(one)]
        if newer:
            return given, newer[0]
        file.replace(home.prices / given.name)
        for old in others:
            if old.yields_to(given):
                (home.prices / old.name).unlink()
    return given, None


def forget_offers(home: Home) -> int:
    """Remove every file of prices that is held; say how many there were."""
    files = held_files(home)
    for file in files:
        file.unlink()
    return len(files)


@contextmanager
def _alone(home: Home) -> Iterator[Path]:
    """Give a folder to work in, its owner's alone; one that is left is swept by a refresh."""
    before = os.umask(0o077)
    folder = Path(mkdtemp(prefix=f"{os.getpid()}-", dir=home.spill))
    try:
        yield folder
    finally:
        os.umask(before)
        shutil.rmtree(folder, ignore_errors=True)
