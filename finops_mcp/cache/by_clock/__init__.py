"""How much of compute and the like was used in each hour, by the parts of a bill?"""
