"""The one way a rule says no.

A refusal carries a code and facts, never prose: ``web/wording.py`` holds the sentence for each code
in every language, ``web/errors.py`` maps it to HTTP, the command line and jobs.
"""

from typing import ClassVar


class Refused(Exception):
    """A rule says no, and nothing was done. Subclasses stand beside the rule they belong to."""

    code: ClassVar[str]

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code, facts)
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.code} {self.facts}"


class NotFound(Refused):
    """What was asked for does not exist, or must not be seen: the two look the same."""

    code = "not_found"
