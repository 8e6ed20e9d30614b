"""Which discount is which, among those that an export tells as rows or inside its other rows?"""

KINDS = {
    "edpdiscount": "agreement",
    "sppdiscount": "agreement",
    "distributordiscount": "agreement",
    "discount": "agreement",
    "privateratediscount": "private_rate",
    "bundleddiscount": "bundled",
    "rivolumediscount": "volume",
}
"""AWS's names of discounts, in lower case and without underscores, and what takes them off.

`agreement` is a percentage of the contract or of a partner's, `private_rate` a line of the rate card,
`bundled` comes with another service, `volume` with enough reservations: the last two nobody negotiated.
"""


def named(kind: str) -> list[str]:
    """List AWS's names of the discounts of one kind."""
    return [name for name, of in KINDS.items() if of == kind]
