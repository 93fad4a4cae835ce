"""Figures in groups of three, as Chinese ledgers have them; Django's groups are empty. A line does
not break between day and time."""

THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3

DATETIME_FORMAT = "Y年n月j日\u00a0H:i"
SHORT_DATETIME_FORMAT = "Y年n月j日\u00a0H:i"
MONTH_DAY_FORMAT = "n月j日"
