"""What the tools of private discounts share: how a question's parts become each view of an answer."""
