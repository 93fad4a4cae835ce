"""Figures in groups of three, as Chinese ledgers have them; Django's groups are empty."""

THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3

MONTH_DAY_FORMAT = "n月j日"
