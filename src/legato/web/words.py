"""Words for codes: kinds, heats, reasons. Refusals have their sentences in ``wording``."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from legato.web.figures import figure
from legato.web.joining import labelled, reasons
from legato.web.matters import rest


def kind(code: str) -> str:
    """A kind of record, in the plural."""
    words = {
        "account": _("Accounts"),
        "contact": _("Contacts"),
        "opportunity": _("Opportunities"),
        "lead": _("Leads"),
        "activity": _("Open activities"),
        "commitment": _("Commitments"),
        "ticket": _("Tickets"),
        "rule": _("Rules"),
        "product": _("Products"),
        "person": _("People"),
        "team": _("Teams"),
    }
    return words.get(code, code)


def one(code: str) -> str:
    """A record of that kind."""
    return _ones(get_language()).get(code, code)


@cache
def _ones(language: str | None) -> Mapping[str, str]:
    """In the language that is active. Kept, because a page says some hundreds of these words."""
    return {
        "account": _("Account"),
        "contact": _("Contact"),
        "opportunity": _("Opportunity"),
        "lead": _("Lead"),
        "activity": _("Open activity"),
        "commitment": _("Commitment"),
        "ticket": _("Ticket"),
        "rule": _("Rule"),
    }


def heat(code: str) -> str:
    """All that are hot, warm or cold."""
    return _heats(get_language()).get(code, code)


@cache
def _heats(language: str | None) -> Mapping[str, str]:
    return {"hot": _("Hot"), "warm": _("Warm"), "cold": _("Cold"), "locked": _("Locked")}


def one_heat(code: str) -> str:
    """How hot one of them is."""
    return _one_heats(get_language()).get(code, code)


@cache
def _one_heats(language: str | None) -> Mapping[str, str]:
    return {
        "hot": pgettext("of a record", "Hot"),
        "warm": pgettext("of a record", "Warm"),
        "cold": pgettext("of a record", "Cold"),
        "locked": pgettext("of a record", "Locked"),
    }


def heat_why(code: str) -> str:
    """Why a record is hot, warm or cold."""
    return _heat_whys(get_language()).get(code, code)


@cache
def _heat_whys(language: str | None) -> Mapping[str, str]:
    return {
        "late_stage_touched_lately": _("late stage, touched lately"),
        "next_step_soon": _("next step soon"),
        "touched_lately": _("touched lately"),
        "next_step_planned": _("next step planned"),
        "silent": _("silent for long"),
        "never_touched": _("no touch known"),
    }


def departure(code: str) -> str:
    """A kind of departure."""
    words = {
        "resignation": _("resignation"),
        "dismissal": _("dismissal"),
        "transfer": _("transfer"),
        "leave": _("leave"),
    }
    return words.get(code, code)


def plan_state(code: str) -> str:
    """How far a plan has come."""
    words = {
        "proposed": _("proposed"),
        "sent": _("waiting for approval"),
        "rejected": _("rejected"),
        "approved": _("approved"),
        "committed": _("carried out"),
        "undone": _("taken back"),
    }
    return words.get(code, code)


def happening(code: str) -> str:
    """What an entry of a departure's ledger says has happened."""
    words = {
        "case_opened": _("Departure opened"),
        "case_withdrawn": _("Departure withdrawn"),
        "case_changed": _("Departure corrected"),
        "case_closed": _("Departure closed"),
        "rest_signed": _("Rest signed for"),
        "cover": _("Cover given"),
        "employment_ended": _("Employment ended"),
        "plan": _("Plan proposed"),
        "plan_sent": _("Plan sent for approval"),
        "plan_question": _("Question about a plan"),
        "plan_answer": _("Answer about a plan"),
        "plan_objection": _("Objection to a plan"),
        "plan_rejected": _("Plan rejected"),
        "approval": _("Plan approved"),
        "commit": _("Plan carried out"),
        "given": _("Given by hand"),
        "undo": _("Taken back"),
        "interim_ended": _("Interim over"),
        "case_exported": _("Case file given out"),
        "rows_taken": _("Rows taken out"),
        "team_told": _("Team told"),
    }
    return words.get(code, code)


def remark(code: str) -> str:
    """What somebody said about a plan."""
    words = {
        "request": _("Sent for approval"),
        "question": _("Question"),
        "answer": _("Answer"),
        "objection": _("Objection"),
        "rejection": _("Rejected"),
    }
    return words.get(code, code)


def phase_of_departure(code: str) -> str:
    """One of the three phases of a departure."""
    words = {
        "here": _("Still here"),
        "without": _("Without an owner for good"),
        "settling": _("New owners finding their feet"),
    }
    return words.get(code, code)


def kept(code: str) -> str:
    """Why an undo left a record as it is, or a commit found it changed."""
    words = {
        "owner_changed_since": _("somebody gave it to another owner since"),
        "closed_since": _("closed since"),
        "owner_has_left": _("the earlier owner has left"),
        "owner": _("has another owner"),
        "changed": _("was changed"),
        "closed": _("was closed"),
        "new": _("is new"),
        "policy": _("the rules changed"),
    }
    return words.get(code, code)


def skill(code: str) -> str:
    """A kind of skill."""
    words = {
        "territory": _("Territory"),
        "language": _("Language"),
        "industry": _("Industry"),
        "product": _("Product"),
    }
    return words.get(code, code)


def fit_part(code: str) -> str:
    words = {
        "tie": _("has worked with them"),
        "territory": _("same territory"),
        "language": _("speaks their language"),
        "industry": _("knows the industry"),
        "product": _("knows the product"),
        "family": _("has the parent group"),
        "stay": _("has it already"),
    }
    return words.get(code, code)


def weight(code: str) -> str:
    """What a part of the fit rewards, as the label of its weight."""
    words = {
        "tie": _("Existing tie"),
        "territory": _("Territory"),
        "language": _("Language"),
        "industry": _("Industry"),
        "product": _("Product"),
        "family": _("Parent group"),
    }
    return words.get(code, code)


def removal(code: str) -> str:
    """Why somebody may not take a record; ``lacks_skill:language=ja`` names the skill."""
    plain, _colon, detail = code.partition(":")
    words = {
        "is_leaver": _("is leaving"),
        "not_employed": _("is not employed"),
        "end_known": _("has a last day"),
        "departing": _("is leaving"),
        "held": _("gets nothing new at present"),
        "somebody_else": _("this takes somebody else"),
        "on_leave": _("is on leave for too long"),
        "excluded": _("was excluded"),
        "conflict_of_interest": _("has a conflict of interest"),
        "novice_key_account": _("is too new for a key account"),
        "novice_tier": _("is too new for so demanding an account"),
        "tier_cap": _("is new and gets no more accounts so demanding"),
        "open_case_key_account": _("is leaving too, and this is a key account"),
        "lacks_skill": _("lacks a needed skill"),
        "no_capacity": _("has no room"),
        "room_taken": _("has no room left"),
        "group_member": _("cannot take the whole group"),
        "account_owner": _("owns the account"),
        "follows_owner": _("it follows its account's owner unless it is locked"),
        "not_allowed": _("may not take it by the rules"),
        "no_arc": _("may not take it by the rules"),
        "not_asked": _("was not among those it suits best, who alone were looked at"),
        "not_in_plan": _("it is not part of the plan any more"),
        "pinned": _("it is locked to somebody else"),
        "pinned_twice": _("it is locked to two people"),
        "group_pinned_apart": _("its group is locked to two people"),
        "is_proposer": _("proposed it"),
        "receives": _("receives records in it"),
        "not_manager": _("is neither a manager nor a director"),
    }
    if plain == "group_member" and detail:
        unit, _colon, why = detail.partition(":")
        said = _("cannot take the whole group (#%(unit)s: %(why)s)")
        return said % {"unit": unit, "why": removal(why)}
    if plain == "lacks_skill" and detail:
        kind, _equals, value = detail.partition("=")
        said = _("lacks a needed skill (%(kind)s: %(value)s)")
        return said % {"kind": skill(kind), "value": value}
    return words.get(plain, code)


def hindrance(code: str) -> str:
    """Why somebody who fits better did not get it; ``hot/1_full`` names the tier."""
    words = {
        "hot_full": _("has a full share of hot ones"),
        "warm_full": _("has a full share of warm ones"),
        "cold_full": _("has a full share of cold ones"),
        "total_full": _("has a full share"),
        "value_full": _("has a full share of value"),
        "weight_full": _("has a full share of workload"),
        "hot_short": _("whoever has it would have too few hot ones"),
        "warm_short": _("whoever has it would have too few warm ones"),
        "cold_short": _("whoever has it would have too few cold ones"),
        "total_short": _("whoever has it would have too few"),
        "value_short": _("whoever has it would have too little value"),
        "weight_short": _("whoever has it would have too little work"),
        "needed_here": _("is needed elsewhere"),
    }
    stratum, slash, tier = code.partition("/")
    if not slash:
        return words.get(code, code)
    number, _underscore, how = tier.partition("_")
    said = words.get(f"{stratum}_{how}", code)
    return _("%(why)s (tier %(tier)s)") % {"why": said, "tier": number}


def reason(stored: Mapping[str, Any], *, names: Mapping[int, str]) -> str:
    """Why a unit went where it went, on one line; ``names`` are of the people in the plan."""
    facts = dict(stored["facts"])
    words = {
        "pinned": _("locked by hand"),
        "account_owner": _("owns the account it belongs to"),
        "only_eligible": _("the only one who may take it"),
        "best_fit": _("fits best"),
        "fair_share": _("fits well, and the shares stay fair"),
        "group": _("the parent group stays together"),
        "orphan_nobody_eligible": _("nobody may take it"),
        "orphan_no_capacity": _("nobody has room for it"),
        "orphan_group": _("no one person can take the whole group"),
    }
    said = [words.get(stored["code"], str(stored["code"]))]
    said += [
        f"{fit_part(name.partition('.')[2])} +{figure(points)}"
        for name, points in facts.items()
        if name.startswith("fit.")
    ]
    said += alternatives(stored, names=names)[:1]
    said += [
        labelled(_name(int(name.partition(".")[2]), names), removal(why))
        for name, why in list(facts.items())
        if name.startswith("removed.")
    ][:5]
    return reasons(said)


def alternatives(stored: Mapping[str, Any], *, names: Mapping[int, str]) -> list[str]:
    """Who else could have got it, why not, and what that would cost, best fit first."""
    facts = dict(stored["facts"])
    roots = ["alternative", *(f"alternative.{place}" for place in (2, 3))]
    return [
        alternative(
            person=_name(int(facts[root]), names),
            why=str(facts[f"{root}.why"]),
            points=int(facts[f"{root}.by"]),
            cost=int(facts.get(f"{root}.cost", 0)),
        )
        for root in roots
        if root in facts
    ]


def alternative(*, person: str, why: str, points: int, cost: int) -> str:
    """``points`` is by how much the fit differs, ``cost`` what the team would lose at the least."""
    facts = {
        "person": person,
        "points": figure(points),
        "hindrance": hindrance(why),
        "cost": figure(cost),
    }
    if why == "less_fit" and not points:
        return _("%(person)s fits as well") % facts
    if why == "less_fit":
        said = ngettext(
            "%(person)s fits %(points)s point less",
            "%(person)s fits %(points)s points less",
            points,
        )
        return said % facts
    said = ngettext(
        "%(person)s fits %(points)s point better, but %(hindrance)s",
        "%(person)s fits %(points)s points better, but %(hindrance)s",
        points,
    )
    if cost <= 0:
        return said % facts
    lost = ngettext(
        "the team would lose about %(cost)s point",
        "the team would lose about %(cost)s points",
        cost,
    )
    return f"{said % facts} ({lost % facts})"


def _name(person: int, names: Mapping[int, str]) -> str:
    return names.get(person, f"#{person}")


def unread(code: str) -> str:
    """Why a file was not read, or a mapping not understood."""
    words = {
        "describes_columns": _("it describes the columns of other tables"),
        "notes_not_supported": _("notes are not read"),
        "no_known_kind": _("its columns fit none of the tables that Legato reads"),
        "no_name": _("it has no column for a name or an id"),
        "ignored": _("the mapping file says so"),
        "not_a_table": _("it is not a table"),
        "empty": _("it is empty"),
        "no_header": _("it has no line of headers"),
        "binary": _("it is neither text nor a spreadsheet"),
        "encrypted": _("it is protected by a password"),
        "damaged": _("it is damaged"),
        "missing": _("it does not exist"),
        "too_large": _("it is too large"),
        "unpacked_size": _("it would be too large unpacked"),
        "ratio": _("its compression looks unsafe"),
        "cells": _("it has too many cells"),
        "forbidden": _("it may not be read by you"),
        "not_a_folder": _("it is no folder"),
        "no_permission": _("you may not write there"),
        "takes_no_files": _("no file can be made there"),
        "toml": _("it is no TOML"),
        "kind": _("there is no such kind of record"),
        "field": _("there is no such field"),
        "header": _("there is no such header"),
        "twice": _("it stands there twice"),
        "not_json": _("it is no JSON"),
        "not_arrays": _("it holds no arrays"),
        "format": _("it has another format or version"),
        "unknown": _("it does not belong there"),
        "type": _("it is of another type"),
        "number": _("the number cannot be"),
        "shape": _("it has another size"),
        "order": _("it is not in order"),
        "sums": _("its sums are too large"),
    }
    return words.get(code, code)


def thing(code: str) -> str:
    """What a refusal is about."""
    words = {
        "person": _("person"),
        "team": _("team"),
        "case": _("departure case"),
        "plan": _("plan"),
        "run": _("run"),
        "commit": _("commit"),
        "receipt": _("receipt"),
        "record": _("record"),
        "import": _("import"),
        "view": _("view of a list"),
        "role": _("role"),
        "skill": _("kind of skill"),
        "file": _("the file"),
        "cell": _("a cell"),
        "line": _("a line"),
        "columns": _("the number of columns"),
    }
    return words.get(code, code)


def rule_value(code: str) -> str:
    """What a rule takes as its value."""
    words = {
        "whole_number": _("a whole number from 0 to 100000"),
        "percentage": _("a percentage from 0 to 100, without the sign"),
        "rising_numbers": _("a list of rising whole numbers such as [10000, 50000]"),
        "kinds_of_skill": _('a list such as ["language"], of: %(kinds)s')
        % {"kinds": "territory, language, industry, product"},
        "group": _("a rule within the group, written with a dot, such as heat.next_step_within=7"),
    }
    return words.get(code, code)


def violation(code: str) -> str:
    """What is wrong with an assignment."""
    words = {
        "not_eligible": _("may not receive"),
        "over_capacity": _("has no room"),
        "group_split": _("a parent group would be split"),
        "pin_broken": _("a pin would be broken"),
        "not_placed": _("is decided for nobody"),
        "interim_over": _("the cover would end before it begins"),
        "owner_passed_over": _("the account's owner would be passed over"),
        "placed_twice": _("is decided twice"),
        "unknown_unit": _("is no part of the plan"),
        "unknown_person": _("goes to somebody who is no part of the plan"),
        "tier_cap": _("is too much of the demanding for somebody new"),
        "needless_orphan": _("goes to nobody though somebody has room"),
        "reason_untrue": _("the reason given is not so"),
        "share_untrue": _("the share given is not so"),
        "tolerance_untrue": _("the deviation given is not so"),
        "proven_untrue": _("what is said to be proven is not so"),
        "pin_impossible": _("a pin breaks a rule"),
        "unknown_pin": _("a pin is of what is no part of the plan"),
        "digest_untrue": _("the file is not what its digest says"),
        "certificate_untrue": _("the certificate says what is not so"),
    }
    return words.get(code, code)


def fact(code: str) -> str:
    """Whatever a code in a refusal means; what is no code stays as it is."""
    tables = (kept, removal, unread, thing, rule_value, violation, run_state, rest)
    return next((said for each in tables if (said := each(code)) != code), code)


def role(code: str) -> str:
    words = {
        "rep": _("Sales rep"),
        "manager": _("Sales manager"),
        "operations": _("Sales operations"),
        "hr": _("HR"),
        "director": _("Director"),
        "administrator": _("Administrator"),
    }
    return words.get(code, code)


def scope(code: str) -> str:
    """Whose accounts a plan decides."""
    words = {
        "case": _("departures"),
        "team": _("one team"),
        "company": _("the whole company"),
    }
    return words.get(code, code)


def phase(code: str) -> str:
    """What a plan in the making is at."""
    words = {
        "facts": _("Reading"),
        "prices": _("Prices"),
        "flow": _("Shares"),
        "balance": _("Balance"),
        "exact": _("Proof"),
        "writing": _("Writing"),
    }
    return words.get(code, code)


def run_state(code: str) -> str:
    """How far a run has come."""
    words = {
        "waiting": _("waiting"),
        "running": _("running"),
        "cancelling": _("being cancelled"),
        "cancelled": _("cancelled"),
        "interrupted": _("interrupted"),
        "refused": _("refused"),
        "done": _("done"),
    }
    return words.get(code, code)


def pointing(what: str, *, name: str, detail: str) -> str:
    """Something that points to who leaves: a plan by its number, a person with their last day."""
    if what.startswith("plan_"):
        return _("Plan %(number)s") % {"number": name}
    if what == "still_employed" and detail:
        detail = date_format(date.fromisoformat(detail), "DATE_FORMAT")
    return _("%(name)s (%(detail)s)") % {"name": name, "detail": detail} if detail else name
