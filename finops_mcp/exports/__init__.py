"""What AWS delivers: where it lies, which delivery is current, and how to read it as charges.

The only folder that knows boto3 and AWS's column names.
"""
