"""Does a file hold an agreement?"""

from pathlib import Path

from finops_mcp.agreement.terms import Agreement, AgreementFile
from finops_mcp.checked_yaml import read_checked
from finops_mcp.errors import AgreementUnreadable


def read_agreement(path: Path) -> Agreement:
    """Read the agreement of a file. Raises AgreementUnreadable, which names each line and key."""
    return read_checked(path, AgreementFile, AgreementUnreadable).agreement
