"""The site that the browser walks: people and customers named in four scripts, three departures.

Olga has left days ago and is covered, planned and taken over; Lev leaves in three weeks and has a
plan that the rules have left behind and one that waits for a yes; of Nina's departure nothing is
decided.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from tests import drafts, example
from tests.example import Cast

from legato.departures import operations as departures
from legato.domain.departure import Announcement
from legato.ledger import operations as ledger
from legato.people import operations as people
from legato.people.models import Message
from legato.planning import operations as planning
from legato.planning.models import Assignment
from legato.planning.operations import Options

CUSTOMERS = (
    ("さくら食品株式会社", "ja"), ("東京直営骨董店", "ja"), ("上海骨科器械有限公司", "zh"),
    ("广州海角直销中心", "zh"), ("ООО «Северо-Западная производственно-торговая компания»", "ru"),
    ("АО «Нижегородавтотранс»", "ru"), ("Sakura Foods Europe Ltd", "en"),
    ("Aberystwyth Instrument Makers", "en"), ("Harbour & Sons", "en"),
)  # fmt: skip
HEATS = (("late", 5), ("middle", 40), ("early", 200))
"""How far a deal is, and how many days ago it was touched: hot, warm, cold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Numbers of the pages; ``addresses`` by the names under which pictures are kept."""

    cast: Cast
    done: int
    waiting: int
    fresh: int
    addresses: dict[str, str]


def world(*, now: datetime) -> World:
    cast = example.company()
    _colleagues(cast)
    lev = _rep("Лев Константинович Преображенский", "RU", "ru", cast)
    nina = _rep("林 直美", "JP", "ja", cast)
    for person, many in ((cast.olga, 40), (lev, 120), (nina, 9)):
        _book(person, many, now)
    done, plan, commit = _finished(cast, now)
    waiting = _opened(cast, lev, now - timedelta(days=4), last_day=now.date() + timedelta(days=21))
    fresh = _opened(cast, nina, now - timedelta(days=3), last_day=None)
    proposed = _plan(cast, waiting, now - timedelta(days=2))
    people.set_policy(
        values={"undo_hours": 96}, now=now - timedelta(days=2), actor=cast.sam,
        reason="Weekends are long",
    )  # fmt: skip
    board = _weighed(cast, waiting, proposed, now - timedelta(days=1))
    told = _told(cast, now)
    addresses = {
        "today": "/",
        "cases": "/cases/",
        "case-done": f"/cases/{done}/",
        "case-waiting": f"/cases/{waiting}/",
        "case-fresh": f"/cases/{fresh}/",
        "book-sifted": f"/cases/{waiting}/book/?heat=hot&due=week&hide=loss&order=due",
        "protection": f"/cases/{waiting}/protection/",
        "opening": f"/cases/new/?person={cast.kenji}",
        "change": f"/cases/{fresh}/facts/",
        "withdrawal": f"/cases/{waiting}/withdrawal/",
        "closing": f"/cases/{done}/closing/",
        "case-file": f"/cases/{done}/file/",
        "note": f"/cases/{waiting}/note/",
        "help": "/help/",
        "help-undo": "/help/undo/",
        "help-protect": "/help/protect/",
        "help-departure": "/help/departure/",
        "help-export": "/help/export/",
        "book": f"/cases/{waiting}/book/",
        "book-burning": f"/cases/{waiting}/book/?due=soon&order=due",
        "book-grouped": f"/cases/{done}/book/?group=owner&order=loss&rows=close&hide=promise",
        "book-own": "/book/",
        "book-team": "/book/?of=team",
        "book-give": f"/book/give/?of=team&all=yes&kind=opportunity&to={cast.kenji}",
        "book-view": "/book/views/new/?heat=hot",
        "plan-done": f"/plans/{plan}/",
        "plan-waiting": f"/plans/{proposed.plan}/",
        **board,
        "receipt": f"/receipts/{commit}/",
        "undo": f"/receipts/{commit}/undo/",
        **drafts.at_every_step(cast, now=now),
        "my-log-in": "/my-log-in/",
        "history": "/audit/",
        "history-sifted": f"/audit/?what=owners&by={cast.mei}&from=2026-01-01",
        "history-verified": "/audit/verification/",
        "messages": "/messages/",
        "message": f"/messages/{told}/",
        "message-uncertain": f"/messages/{told}/mail/",
        "settings": "/settings/",
        "mails": "/settings/mail/",
        "policy": "/settings/policy/",
        "policy-new": "/settings/policy/new/?undo_hours=24&heat.next_step_within=7&tier_values=",
        "policy-version": "/settings/policy/1/",
        "not-found": "/nowhere/",
    }
    return World(cast=cast, done=done, waiting=waiting, fresh=fresh, addresses=addresses)


def _told(cast: Cast, now: datetime) -> int:
    """Everybody is told, the history is verified, and one mail is in doubt; Mei's message."""
    ledger.seal()
    departures.digest_new(now=now)
    asked = ledger.ask_verification(actor=cast.mei, now=now)
    ledger.carry_out_verification(verification=asked, clock=lambda: now)
    told = Message.objects.filter(person=cast.mei).order_by("-pk")[0]
    said = "Connection unexpectedly closed"
    Message.objects.filter(pk=told.pk).update(mail="uncertain", mail_at=now, mail_said=said)
    return int(told.pk)


def _colleagues(cast: Cast) -> None:
    for name, country, language in (
        ("佐藤 健二郎", "JP", "ja"), ("王 芳", "CN", "zh"), ("骨 海角", "CN", "zh"),
        ("Александра Владимировна Константинопольская", "RU", "ru"),
        ("Bartholomew Featherstonehaugh-Cholmondeley", "GB", "en"),
    ):  # fmt: skip
        _rep(name, country, language, cast)


def _rep(name: str, country: str, language: str, cast: Cast) -> int:
    return example.person(
        name=name, country=country, language=language, manager=cast.mei, team="East",
        capacity=Decimal(60), email=f"person-{next(example.NUMBERS)}@example.com",
    )  # fmt: skip


def _book(owner: int, many: int, now: datetime) -> None:
    for number in range(many):
        name, language = CUSTOMERS[number % len(CUSTOMERS)]
        held = example.record(
            owner=owner, name=f"{name} {number + 1}", language=language, phone="+44 20 7946 0000"
        )
        depth, days = HEATS[number % 3]
        example.record(
            owner=owner, kind="opportunity", account=held.pk, name=f"{name} {number + 1}",
            value=Decimal(1500 * (1 + number % 17)) if number % 5 else None, depth=depth,
            value_is_estimated=number % 4 == 0, touched_at=now - timedelta(days=days),
            phone="+81 3-1234-5678" if number % 2 else "",
        )  # fmt: skip
        if number % 6 == 0:
            due = now + timedelta(hours=11 * number - 30)
            example.record(owner=owner, kind="commitment", account=held.pk, name=name, due_at=due)


def _opened(cast: Cast, person: int, at: datetime, *, last_day: date | None) -> int:
    return departures.open_case(
        person_id=person, announced=Announcement(kind="resignation", last_day=last_day),
        actor=cast.mei, now=at, reason="Moves to another town",
    ).case  # fmt: skip


def _plan(cast: Cast, case: int, at: datetime) -> planning.Proposed:
    return departures.plan(
        cases=[case], options=Options(), actor=cast.mei, now=at, reason="A first plan"
    )


def _weighed(cast: Cast, case: int, first: planning.Proposed, at: datetime) -> dict[str, str]:
    """A second plan with other weights and three locks, sent, asked about and objected to; the
    addresses of its pages."""
    given = list(Assignment.objects.filter(plan=first.plan).values_list("unit", "person")[:3])
    options = Options(
        weights={"language": 700}, pins=tuple((f"#{unit}", who) for unit, who in given)
    )
    made = departures.plan(
        cases=[case], options=options, actor=cast.mei, now=at, reason="", parent=first.plan
    ).plan
    planning.send(plan_id=made, actor=cast.mei, now=at, reason="Bitte bis Mittag")
    planning.ask(plan_id=made, actor=cast.ada, now=at, text="王芳さんは六月に休みます。")
    planning.object_to(plan_id=made, actor=given[0][1], now=at, text="Я в отпуске в июне.")
    other = next(who for _unit, who in given if who != given[0][1])
    return {
        "board": f"/plans/{made}/",
        "board-sifted": f"/plans/{made}/?heat=hot&to={given[0][1]}",
        "plan-compare": f"/plans/{first.plan}/compare/{made}/",
        "plan-why": f"/plans/{first.plan}/units/{given[0][0]}/?to={other}",
        "plan-part": f"/plans/{made}/people/{other}/",
        "plan-panel": f"/plans/{made}/commit/",
        "approvals": "/approvals/",
        "plans": "/plans/",
        "plan-make": f"/cases/{case}/plan/",
    }


def _finished(cast: Cast, now: datetime) -> tuple[int, int, int]:
    """Olga's case with its plan and the entry that carried it out."""
    at = now - timedelta(days=20)
    case = _opened(cast, cast.olga, at, last_day=now.date() - timedelta(days=6))
    departures.cover(
        case_id=case, by=cast.mei, until=now + timedelta(days=20), actor=cast.mei,
        now=at + timedelta(days=1), reason="So that nobody waits",
    )  # fmt: skip
    made = _plan(cast, case, at + timedelta(days=8))
    approved, done = at + timedelta(days=9), now - timedelta(days=2)
    planning.approve(plan_id=made.plan, approver=cast.ada, now=approved, reason="Fair to all")
    commit = planning.commit(
        plan_id=made.plan, digest=made.digest, actor=cast.mei, now=done, reason="Go"
    )
    return case, made.plan, commit.commit
