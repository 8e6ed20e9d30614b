"""What was used in some days, by resource and meter: read from the line items once, asked of often."""
