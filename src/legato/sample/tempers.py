"""How an account that is hot, warm or cold under the default policy looks in a CRM."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Temper:
    """Ranges are days or numbers, ends included; odds are in a hundred.

    ``silence`` is since anything was written of the account. ``deals`` are weights of having none,
    one, two open opportunities. Steps and promises lie ``ahead``; no odds, no steps.
    """

    odds: int
    silence: tuple[int, int]
    deals: tuple[int, int, int]
    depths: tuple[str, ...]
    talks: tuple[int, int]
    next_step: int
    step: int
    promise: int
    ticket: int
    ahead: tuple[int, int]
    closes: tuple[int, int] | None
    """When open opportunities are expected to close; nobody expects the cold ones to."""


HOT = Temper(
    odds=22,
    silence=(1, 20),
    deals=(10, 65, 25),
    depths=("late", "late", "late", "middle"),
    talks=(2, 4),
    next_step=80,
    step=60,
    promise=18,
    ticket=14,
    ahead=(4, 12),
    closes=(9, 60),
)
WARM = Temper(
    odds=33,
    silence=(33, 80),
    deals=(45, 45, 10),
    depths=("early", "middle", "middle", "late"),
    talks=(1, 3),
    next_step=45,
    step=25,
    promise=6,
    ticket=8,
    ahead=(17, 55),
    closes=(30, 120),
)
COLD = Temper(
    odds=45,
    silence=(110, 700),
    deals=(75, 23, 2),
    depths=("early", "early", "middle"),
    talks=(0, 2),
    next_step=0,
    step=0,
    promise=0,
    ticket=0,
    ahead=(0, 0),
    closes=None,
)
TEMPERS = (HOT, WARM, COLD)
