"""Days of a month in the genitive, where Django's own format has the nominative; the short word for
a year stays with its number.
"""

DATE_FORMAT = "j E Y\u00a0г."
DATETIME_FORMAT = "j E Y\u00a0г. G:i"
MONTH_DAY_FORMAT = "j E"
