"""Which line of a rate card is a charge about?"""

from collections.abc import Collection, Sequence

from finops_mcp.agreement.terms import Rate


def is_about(rate: Rate, names: Collection[str], meter: str | None, region: str | None) -> bool:
    """Whether a line is about use of a service, given by code and name, at a meter and in a region."""
    return rate.service in names and rate.meter in {None, meter} and rate.region in {None, region}


def line_about(
    card: Sequence[Rate], names: Collection[str], meter: str | None, region: str | None
) -> int | None:
    """Give the place of the line that a charge goes by: the narrowest, a meter before a region.

    Of two lines alike the first counts.
    """
    fitting = [at for at, rate in enumerate(card) if is_about(rate, names, meter, region)]
    return max(
        fitting,
        key=lambda at: (card[at].meter is not None, card[at].region is not None, -at),
        default=None,
    )


def in_words(place: int, rate: Rate) -> str:
    """Name a line as people find it in their file: its number from 1, and what it is about."""
    about = ", ".join(word for word in (rate.service, rate.meter, rate.region) if word)
    return f"line {place + 1} ({about})"
