"""Who is away for so long that they are given nothing for good."""

from datetime import datetime

from legato.planning.snapshots.facts import leaves


def away_longer(*, than: int, now: datetime) -> set[int]:
    """On leave for more working days than that, now or soon: as the rule for plans counts them."""
    return {person for person, days in leaves(now=now, until=None).items() if days > than}
