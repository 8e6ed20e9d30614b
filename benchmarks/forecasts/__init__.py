"""How far off are forecasts, beside AutoETS in the same run?"""
