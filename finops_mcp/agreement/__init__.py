"""What a private agreement with AWS says: its terms as their owner wrote them, since no export has them."""

from finops_mcp.agreement.terms import Agreement, AgreementFile, ContractYear

__all__ = ["Agreement", "AgreementFile", "ContractYear"]
