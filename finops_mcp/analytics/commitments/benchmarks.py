"""What is published of savings rates: a figure with its year, its scope and its source, or none at all."""

OF_COMPUTE = ("compute", "ec2_instance")
"""The pools of commitments that the published figure is of."""

COMPUTE_SAVINGS_RATE = (
    "rate_commitments_list compares with a median of 15 % in 2024 and 0 % in 2023 (ProsperOps, AWS Compute"
    " Rate Optimization Insights 2025, prosperops.com/library: AWS compute, commitments alone, a vendor's"
    " own sample). The other rates are of another scope and are not comparable with it."
)
"""Domain table F: effective savings rate of AWS compute."""
