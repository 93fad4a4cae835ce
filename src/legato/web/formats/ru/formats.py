"""Days of a month in the genitive; Django's own format has them in the nominative."""

MONTH_DAY_FORMAT = "j E"
