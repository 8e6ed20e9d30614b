"""Who the sample organisation is: its accounts, teams, sellers, and how well each resource is tagged."""

from dataclasses import dataclass
from random import Random

SEED = "sample-organisation"
BUCKET = "sample-organisation-exports"


@dataclass(frozen=True)
class Seller:
    """A company of AWS that invoices some accounts, and the tax that it adds."""

    name: str
    tax_type: str
    tax: str


US = Seller("Amazon Web Services, Inc.", "USSalesTax", "0.0625")
EMEA = Seller("Amazon Web Services EMEA SARL", "VAT", "0.23")
INDIA = Seller("Amazon Web Services India Private Limited", "IGST", "0.18")


@dataclass(frozen=True)
class Account:
    """One AWS account of the organisation."""

    id: str
    name: str
    team: str
    project: str
    environment: str
    cost_center: str
    seller: Seller = US


PAYER = Account("104816291057", "sample-organisation", "Finance", "organisation", "shared", "1000")
# An office that was opened and closed again: its own payer, billed in its own currency.
MUMBAI = Account("582047193606", "mumbai-office", "", "mumbai", "prod", "5100", INDIA)


@dataclass(frozen=True)
class Payer:
    """Who pays, in which currency, and which export tells."""

    account: Account
    billing_entity: str
    currency: str
    export: str


MAIN = Payer(PAYER, "AWS", "USD", "sample-cur2")
OFFICE = Payer(MUMBAI, "AISPL", "INR", "sample-cur2-mumbai")
ACCOUNTS = {
    account.name: account
    for account in (
        PAYER,
        Account("215530417762", "platform-production", "Platform", "platform", "prod", "2100"),
        Account("330918265504", "platform-staging", "Platform", "platform", "staging", "2100"),
        Account("418273650915", "storefront-production", "Storefront", "storefront", "prod", "3100"),
        Account("527190364481", "storefront-staging", "Storefront", "storefront", "staging", "3100"),
        Account("609427118350", "payments-production", "Payments", "payments", "prod", "3200", EMEA),
        Account("713865029947", "data-lake", "Data", "lakehouse", "prod", "4100"),
        Account("826410937725", "machine-learning", "Data", "recommendations", "prod", "4200"),
        Account("934072581166", "observability", "Platform", "observability", "prod", "2200"),
        Account("147359208634", "sandbox", "", "experiments", "sandbox", "9000"),
        MUMBAI,
    )
}
NAMES = {account.id: account.name for account in ACCOUNTS.values()}
TEAMS = {account.id: account.team for account in ACCOUNTS.values()}
REGION_PREFIXES = {"us-east-1": "USE1-", "eu-west-1": "EU-", "ap-southeast-2": "APS2-",
                   "ap-south-1": "APS3-",
                   "global": ""}  # fmt: skip


def tags_of(resource: str, account: Account) -> dict[str, str]:
    """Return a resource's tags: mostly complete, some spelled differently, some missing altogether."""
    luck = Random(f"{SEED}/tags/{resource}").random()  # noqa: S311  (variety, not secrecy)
    if luck < 0.12 or not account.team:  # noqa: PLR2004  (one in eight was never tagged)
        return {}
    tags = {"user_project": account.project, "user_environment": account.environment}
    if luck > 0.2:  # noqa: PLR2004
        tags["user_cost_center"] = account.cost_center
    if luck > 0.5:  # noqa: PLR2004
        tags["aws_created_by"] = f"AssumedRole:AROASAMPLE{account.cost_center}:deployment"
    if luck > 0.88:  # noqa: PLR2004  (the same environment in another spelling)
        tags["user_environment"] = account.environment.capitalize()
    return tags


def categories_of(account: str) -> dict[str, str]:
    """Return an account's cost categories; the sandbox belongs to no team."""
    return {"team": TEAMS[account]} if TEAMS[account] else {}


def unified(tags: dict[str, str] | None, categories: dict[str, str]) -> dict[str, str]:
    """Return the newer map of all kinds of tags together, each key under its kind."""
    return {f"resourceTags/{key}": value for key, value in (tags or {}).items()} | {
        f"costCategory/{key}": value for key, value in categories.items()
    }
