"""Words of the commit panel: what is checked before owners change, and what gets worse."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from legato.web.figures import figure


def check(code: str, *, good: int, of: int) -> str:
    """An invariant with how many of how many rows keep it."""
    words = {
        "one_owner": _("%(good)s of %(of)s records get exactly one employed owner, without a gap"),
        "not_to_leaver": _("%(good)s of %(of)s records go to somebody who stays"),
        "not_held": _("%(good)s of %(of)s records go to somebody who may get new ones now"),
        "room": _("%(good)s of %(of)s people have room for what they get"),
        "as_planned": _("%(good)s of %(of)s records are as they were when the plan was made"),
        "same_rules": _("The rules are those that the plan was made by"),
    }
    broken = {"same_rules": _("The rules have changed since the plan was made")}
    said = words[code] if good == of else broken.get(code, words[code])
    return said % {"good": figure(good), "of": figure(of)}


def worse(code: str, *, count: int, of: int) -> str:
    """How many are worse off than before."""
    words = {
        "hot_strangers": ngettext(
            "%(count)s of %(of)s hot one goes to somebody who has not worked with them",
            "%(count)s of %(of)s hot ones go to somebody who has not worked with them",
            of,
        ),
        "strangers": ngettext(
            "%(count)s of %(of)s unit goes to somebody who has not worked with them",
            "%(count)s of %(of)s units go to somebody who has not worked with them",
            of,
        ),
        "full": ngettext(
            "%(count)s of %(of)s person is more than 90 %% full afterwards",
            "%(count)s of %(of)s people are more than 90 %% full afterwards",
            of,
        ),
        "orphans": ngettext(
            "%(count)s of %(of)s unit fits nobody and stays with the manager",
            "%(count)s of %(of)s units fit nobody and stay with the manager",
            of,
        ),
        "unknown_value": ngettext(
            "%(count)s of %(of)s unit has no known value, so shares of value are a guess",
            "%(count)s of %(of)s units have no known value, so shares of value are a guess",
            of,
        ),
    }
    return words[code] % {"count": figure(count), "of": figure(of)}
