"""Who may see a departure. What one may not see is treated as if it were not there."""

SEES_CASES = ("manager", "director", "operations", "hr", "administrator")


def sees_cases(*, role: str, is_employed: bool) -> bool:
    """Whether somebody of that role sees departures at all."""
    return is_employed and role in SEES_CASES


def sees_departure(*, person: int, role: str, is_employed: bool, leaver: int) -> bool:
    """Whether a person sees this departure with its plans and receipts; nobody sees their own."""
    return person != leaver and sees_cases(role=role, is_employed=is_employed)


LETS_IN = ("operations", "administrator")


def lets_in(*, role: str, is_employed: bool) -> bool:
    """Whether somebody of that role ends others' sessions and resets how they log in."""
    return is_employed and role in LETS_IN


def needs_factor(*, role: str, required_of: str) -> bool:
    """Whether a password alone is too little; ``required_of`` is ``off``, ``managers`` (whoever
    sees departures) or ``all``."""
    return required_of == "all" or (required_of == "managers" and role in SEES_CASES)
