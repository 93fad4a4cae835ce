"""A space between day and time, where a line does not break."""

DATETIME_FORMAT = "Y年n月j日\u00a0G:i"
SHORT_DATETIME_FORMAT = "Y/m/d\u00a0G:i"
