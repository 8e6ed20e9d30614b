"""What was spent on each value of a tag, on which resources, and which of them changed their value?"""
