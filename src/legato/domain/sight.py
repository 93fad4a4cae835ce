"""Who may see a departure. What one may not see is treated as if it were not there."""

SEES_CASES = ("manager", "director", "operations", "hr", "administrator")


def sees_cases(*, role: str, is_employed: bool) -> bool:
    """Whether somebody of that role sees departures at all."""
    return is_employed and role in SEES_CASES


def sees_departure(*, person: int, role: str, is_employed: bool, leaver: int) -> bool:
    """Whether a person sees this departure with its plans and receipts; nobody sees their own."""
    return person != leaver and sees_cases(role=role, is_employed=is_employed)
