"""The pages of the company's rules: asked as questions, changed after a look at what changes."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from legato.books.tongues import tongues
from legato.departures.queries import ruling as queries
from legato.departures.queries.ruling import Version
from legato.domain.errors import NotFound
from legato.domain.policy import expected_instead
from legato.people import operations as people
from legato.people.queries import Someone
from legato.people.views import act, page
from legato.web import rules
from legato.web.acting import Done, done, key_of
from legato.web.asked import number

LONGEST = 500


@page
def policy(request: HttpRequest, viewer: Someone) -> HttpResponse:
    """The rules in force as a form; sending it shows what would change, and changes nothing."""
    versions = queries.versions(viewer)
    return _form(request, viewer, versions, values=_wanted(request, versions))


def _form(
    request: HttpRequest, viewer: Someone, versions: list[Version], *, values: Mapping[str, Any]
) -> HttpResponse:
    present, defaults = versions[0], versions[-1].values
    facts = queries.figures(present.values, now=timezone.now())
    asked = [
        (group, [_asked(each, values, defaults, facts) for each in questions])
        for group, questions in rules.groups()
    ]
    shown = {
        "viewer": viewer,
        "present": present,
        "versions": versions,
        "groups": asked,
        "tongues": tongues(people={each.actor for each in versions if each.actor}),
    }
    return render(request, "departures/policy.html", shown)


def _asked(
    question: rules.Question,
    values: Mapping[str, Any],
    defaults: Mapping[str, Any],
    facts: Mapping[str, int],
) -> dict[str, Any]:
    value, default = values[question.name], defaults[question.name]
    return {
        "question": question,
        "value": typed(value),
        "unit": rules.unit(question.name, value),
        "is_number": isinstance(default, int),
        "default": rules.value(default),
        "is_default": value == default,
        "bounds": rules.bounds(question.name, default),
        "says": rules.consequence(question.name, facts),
    }


def typed(value: Any) -> str:
    """A value as it stands in a field."""
    return ", ".join(rules.typed(value)) if isinstance(value, list) else str(value)


def _sent(value: Any) -> str:
    """A value as a page sends it back, in no language."""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def read(text: str, *, default: Any) -> Any:
    """What was typed, as the rule takes it; what cannot be read stays text, which it refuses."""
    if isinstance(default, list):
        return [_number(each) for each in rules.read(text)]
    return _number(text.strip())


def _number(text: str) -> Any:
    found = number(text)
    return text if found is None else found


def _wanted(request: HttpRequest, versions: list[Version]) -> dict[str, Any]:
    """The values that are asked for: those of an earlier version, else what was typed."""
    typed_in = request.POST if request.method == "POST" else request.GET
    present, defaults = versions[0].values, versions[-1].values
    if back := typed_in.get("back", ""):
        return dict(_version(versions, back).values)
    return {
        name: read(typed_in[name], default=defaults[name]) if name in typed_in else present[name]
        for name in present
    }


def _version(versions: list[Version], number: str) -> Version:
    found = [each for each in versions if str(each.version) == number]
    if not found:
        raise NotFound(what="policy", name=number)
    return found[0]


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in after.items() if before.get(name) != value}


def _preview(request: HttpRequest, viewer: Someone) -> HttpResponse:
    versions = queries.versions(viewer)
    wanted = _wanted(request, versions)
    changed = _differences(versions[0].values, wanted)
    shown = {
        "viewer": viewer,
        "present": versions[0],
        "next": versions[0].version + 1,
        "lines": _lines(versions[0].values, wanted, changed),
        "fields": [(name, _sent(value)) for name, value in wanted.items()],
        "changed": changed,
    }
    return render(request, "departures/policy_new.html", shown)


def _lines(
    before: Mapping[str, Any], after: Mapping[str, Any], changed: Mapping[str, Any]
) -> list[dict[str, str]]:
    """The rules that change: what they were, what they would be, what that means."""
    now = timezone.now()
    known = queries.figures(before, now=now)
    countable = {name: after[name] for name in queries.COUNTED if _is_taken(name, after[name])}
    then = queries.figures({**before, **countable}, now=now)
    return [
        {
            "question": rules.question(name),
            "before": rules.value(before[name]),
            "after": rules.value(after[name]),
            "means": rules.change(name, known, then),
        }
        for name in changed
    ]


def _is_taken(name: str, value: Any) -> bool:
    """Whether the rule takes the value; one that it refuses is not counted with."""
    return expected_instead(name=name, value=value, default=0) is None


@act(shows=_preview)
def new_policy(request: HttpRequest, viewer: Someone) -> HttpResponse:
    """Adds the version that was shown; going back adds one as well."""
    versions = queries.versions(viewer)
    version = people.change_policy(
        values=queries.nested(_wanted(request, versions)),
        seen=_seen(request),
        actor=viewer.id,
        now=timezone.now(),
        reason=request.POST.get("reason", "")[:LONGEST].strip(),
        key=key_of(request),
    )
    entry = _version(queries.versions(viewer), str(version)).entry or 0
    what = Done(kind="policy", entry=entry, facts={"version": version})
    return done(request, what, to=reverse("policy_version", args=[version]))


def _seen(request: HttpRequest) -> int:
    """The version the reader looked at when they decided."""
    seen = number(request.POST.get("seen", ""))
    return -1 if seen is None else seen


@page
def policy_version(request: HttpRequest, viewer: Someone, version: int) -> HttpResponse:
    """One version beside another: the one before it, unless the reader names one."""
    versions = queries.versions(viewer)
    found = _version(versions, str(version))
    against = _version(versions, request.GET.get("against") or str(max(version - 1, 0)))
    changed = _differences(against.values, found.values)
    shown = {
        "viewer": viewer,
        "found": found,
        "against": against,
        "present": versions[0],
        "versions": versions,
        "lines": [
            {
                "question": rules.question(name),
                "before": rules.value(against.values[name]),
                "after": rules.value(found.values[name]),
            }
            for name in changed
        ],
        "tongues": tongues(people={each.actor for each in versions if each.actor}),
    }
    return render(request, "departures/policy_version.html", shown)
