"""One message per person and change of owners, in Legato and by mail, never two."""

import csv
import io
import socket
from asyncio import Transport
from collections.abc import Iterator
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db.models import Q
from django.test import Client
from pytest_django import Settings
from tests import example
from tests.example import NOW
from tests.pages import Site, open_case, reader, site

from legato.books.models import Span
from legato.departures import jobs
from legato.departures import operations as departures
from legato.departures.letters import language_of, write
from legato.departures.models import Digest, Told
from legato.departures.operations import digest_new
from legato.domain.departure import Announcement
from legato.ledger import operations as ledger
from legato.ledger.models import Entry
from legato.people import operations as people
from legato.people.models import Message, Taking
from legato.planning import operations as planning

pytestmark = pytest.mark.django_db


class Server:
    """What a server for mail does with what it is given; ``says`` is its answer to the text."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.says = "250 OK"
        self.dies = False

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.says.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        if self.dies and isinstance(server.transport, Transport):
            server.transport.abort()
        return self.says


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    found = Server()
    controller = Controller(found, hostname="127.0.0.1", port=_free_port())
    controller.start()
    settings.MAIL_IS_ON = True
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.DEFAULT_FROM_EMAIL = "Legato <legato@firm.example>"
    yield found
    controller.stop()


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@pytest.fixture
def olga() -> Site:
    return site()


def tell() -> int:
    ledger.seal()
    return digest_new(now=NOW)


def messages_of(person: int) -> list[Message]:
    return list(Message.objects.filter(person=person).order_by("entry"))


def test_each_person_is_told_once_of_each_change_what_came_and_what_went(olga: Site) -> None:
    tell()
    covered, _approved, committed = messages_of(olga.cast.mei)
    records = 8  # three accounts with a deal each, a promise, a ticket
    assert covered.facts["came"] == records
    assert covered.facts["manages"]
    summed = Digest.objects.get(entry=olga.commit)
    told = Message.objects.filter(entry=olga.commit)
    assert {str(each.person_id): each.facts["came"] for each in told if each.facts["came"]} == (
        summed.receivers
    )
    assert committed.facts["went"] == summed.givers[str(olga.cast.mei)] == records


def test_asking_again_tells_nobody_again(olga: Site) -> None:
    assert tell() > 0
    assert tell() == 0
    told = Message.objects.count()
    Told.objects.update(seal=0)  # As if the chain were read from its beginning again.
    assert digest_new(now=NOW) == 0
    assert Message.objects.count() == told


def test_who_is_leaving_is_told_nothing_by_this(olga: Site) -> None:
    tell()
    assert messages_of(olga.cast.olga) == []


def test_an_undo_is_told_to_those_it_concerns(olga: Site) -> None:
    undone = planning.undo(entry_id=olga.commit, actor=olga.cast.ada, now=NOW, reason="Too soon")
    tell()
    told = Message.objects.filter(entry=undone.undo)
    assert olga.cast.mei in set(told.values_list("person", flat=True))


def test_the_manager_of_an_interim_that_ended_is_led_to_its_receipt() -> None:
    cast = example.company()
    example.record(owner=cast.olga)
    leave = Announcement(kind="leave", last_day=date(2026, 4, 1), return_on=date(2026, 4, 20))
    case = departures.open_case(
        person_id=cast.olga, announced=leave, actor=cast.mei, now=NOW, reason=""
    ).case
    departures.cover(
        case_id=case, by=cast.kenji, until=NOW + timedelta(days=30), actor=cast.mei, now=NOW,
        reason="",
    )  # fmt: skip
    assert departures.end_interims(now=NOW + timedelta(days=31)) == 1
    tell()
    entry = Entry.objects.get(kind="interim_ended")
    message, mei = Message.objects.get(entry=entry, person=cast.mei), reader(cast.mei)
    page = mei.get(f"/messages/{message.pk}/").content.decode()
    assert f'href="/receipts/{entry.pk}/"' in page
    assert mei.get(f"/receipts/{entry.pk}/").status_code == 200


def test_an_entry_that_gives_nothing_away_is_told_to_nobody() -> None:
    cast = example.company()
    open_case(cast)
    tell()
    assert not Message.objects.exists()


def test_without_a_server_people_are_told_in_legato_alone(olga: Site) -> None:
    tell()
    assert set(Message.objects.values_list("mail", flat=True)) == {"off"}


def test_a_mail_goes_out_once_with_the_list_in_its_readers_language(
    olga: Site, server: Server
) -> None:
    tell()
    told = messages_of(olga.cast.mei)[0]
    assert jobs.mail(message=told.pk) == "sent"
    assert jobs.mail(message=told.pk) is None
    (letter,) = server.letters
    assert letter["Message-ID"] == f"<legato-{told.entry_id}-{told.person_id}@firm.example>"
    plain, html = (part.get_content() for part in letter.iter_parts())
    for name in ("Customer 0", "Customer 2", "A promise"):
        assert name in plain
        assert name in html
    assert '<html lang="zh-Hans">' in html


@pytest.mark.parametrize("language", ["en", "ja", "zh", "ru"])
def test_a_mail_speaks_its_readers_language(olga: Site, server: Server, language: str) -> None:
    people.change(person=olga.cast.mei, language=language, now=NOW, actor=None)
    tell()
    told = messages_of(olga.cast.mei)[0]
    jobs.mail(message=told.pk)
    (letter,) = server.letters
    assert letter["Subject"] == write(told.pk).subject
    english = "8 records came to you" in letter["Subject"]
    assert english == (language == "en")


def test_a_server_that_is_down_is_tried_again_and_then_given_up(
    olga: Site, server: Server, settings: Any
) -> None:
    settings.EMAIL_PORT = _free_port()
    tell()
    told = messages_of(olga.cast.mei)[0]
    for _attempt in range(people.TRIES - 1):
        with pytest.raises(jobs.MailWaits):
            jobs.mail(message=told.pk)
    assert jobs.mail(message=told.pk) == "failed"
    told.refresh_from_db()
    assert "refused" in told.mail_said.lower()


def test_a_server_that_asks_to_wait_is_tried_again(olga: Site, server: Server) -> None:
    server.says = "451 Later"
    tell()
    told = messages_of(olga.cast.mei)[0]
    with pytest.raises(jobs.MailWaits):
        jobs.mail(message=told.pk)
    server.says = "250 OK"
    assert jobs.mail(message=told.pk) == "sent"


def test_a_server_that_refuses_is_believed(olga: Site, server: Server) -> None:
    server.says = "550 No such mailbox"
    tell()
    told = messages_of(olga.cast.mei)[0]
    assert jobs.mail(message=told.pk) == "failed"
    told.refresh_from_db()
    assert told.mail_said == "550 No such mailbox"


def test_a_server_that_dies_after_the_text_leaves_a_doubt_that_a_person_settles(
    olga: Site, server: Server
) -> None:
    server.dies = True
    tell()
    told = messages_of(olga.cast.mei)[0]
    assert jobs.mail(message=told.pk) == "uncertain"
    assert jobs.mail(message=told.pk) is None  # Nobody sends it by themselves.
    server.dies = False
    page = reader(olga.cast.mei).post(f"/messages/{told.pk}/mail/", {"key": "once"})
    assert page.status_code == 302
    assert jobs.mail(message=told.pk) == "sent"


def test_what_was_being_sent_when_the_sender_died_is_uncertain(olga: Site, server: Server) -> None:
    tell()
    told = messages_of(olga.cast.mei)[0]
    assert people.begin_mail(message=told.pk, now=NOW)
    assert jobs.mail(message=told.pk) is None
    told.refresh_from_db()
    assert told.mail == "uncertain"
    assert server.letters == []


def test_only_its_person_reads_a_message_and_has_then_read_it(olga: Site) -> None:
    tell()
    told = messages_of(olga.cast.mei)[0]
    for other in (olga.cast.sam, olga.cast.ivo, olga.cast.ada):
        assert reader(other).get(f"/messages/{told.pk}/").status_code == 404
        assert reader(other).get(f"/messages/{told.pk}.csv").status_code == 404
    mei = reader(olga.cast.mei)
    assert "Customer 0" in mei.get(f"/messages/{told.pk}/").content.decode()
    assert b"Customer 0" in mei.get(f"/messages/{told.pk}.csv").content
    told.refresh_from_db()
    assert told.read_at is not None


def test_who_no_longer_sees_departures_reads_only_what_concerns_them(olga: Site) -> None:
    tell()
    mei = reader(olga.cast.mei)
    told = Message.objects.get(entry=olga.commit, person=olga.cast.mei)
    assert told.facts["manages"]
    address = f"/messages/{told.pk}/"
    assert f"/receipts/{olga.commit}/" in mei.get(address).content.decode()
    assert "Customer 0" in mei.get(f"/messages/{told.pk}.csv").content.decode()
    people.change(person=olga.cast.mei, role="rep", now=NOW, actor=None)
    assert f"/receipts/{olga.commit}/" not in mei.get(address).content.decode()
    assert kept_of(mei, told.pk) == concerning(olga.commit, olga.cast.mei)


def kept_of(client: Client, message: int) -> set[str]:
    """The names of the records in the file of a message."""
    content = client.get(f"/messages/{message}.csv").content.decode("utf-8-sig")
    return {row["name"] for row in csv.DictReader(io.StringIO(content))}


def concerning(entry: int, person: int) -> set[str]:
    """The names of the records that came to somebody, or went from them, by an entry."""
    spans = Span.objects.filter(ended_by=entry)
    own = spans.filter(Q(owner=person) | Q(given_to=person))
    return set(own.values_list("record__name", flat=True))


def test_a_successor_sees_what_concerns_them_and_no_more(olga: Site) -> None:
    tell()
    kenji = next(iter(messages_of(olga.cast.kenji)), None)
    assert kenji is not None
    assert not kenji.facts["manages"]
    rows = reader(olga.cast.kenji).get(f"/messages/{kenji.pk}.csv").content.decode()
    assert rows.count("\n") == 1 + kenji.facts["came"] + kenji.facts["went"]


def test_who_wants_no_mail_gets_none_until_they_want_it_again(olga: Site, server: Server) -> None:
    mei = reader(olga.cast.mei)
    mei.post("/settings/", {"mail": "no"})
    tell()
    assert {each.mail for each in messages_of(olga.cast.mei)} == {"off"}
    mei.post("/settings/", {"mail": "yes"})
    planning.undo(entry_id=olga.commit, actor=olga.cast.ada, now=NOW, reason="Back")
    tell()
    assert messages_of(olga.cast.mei)[-1].mail == "queued"


def test_a_mail_about_a_plan_lists_nothing_and_leads_to_legato(settings: Settings) -> None:
    settings.ADDRESS = "https://legato.example"
    cast = example.company()
    entry = example.entry(actor=cast.kenji)
    people.tell(
        person=cast.mei,
        kind="plan_objection",
        entry=entry.pk,
        facts={"plan": 7, "moved": 3},
        at=NOW,
    )
    people.change(person=cast.mei, language="ru", now=NOW, actor=None)
    (told,) = messages_of(cast.mei)
    mail = write(told.pk)
    assert mail.subject == "Возражение по плану №\u00a07"
    assert f"https://legato.example/messages/{told.pk}/" in mail.body
    assert "CSV" not in mail.body


def test_telling_somebody_of_an_entry_twice_is_once() -> None:
    cast = example.company()
    entry = example.entry()
    for _time in range(2):
        people.tell(
            person=cast.mei, kind="plan_sent", entry=entry.pk,
            facts={"plan": 7, "moved": 3}, at=NOW,
        )  # fmt: skip
    assert len(messages_of(cast.mei)) == 1
    assert "plan 7" in reader(cast.mei).get("/messages/").content.decode()


@pytest.mark.parametrize(
    ("written", "code"),
    [("zh", "zh-hans"), ("zh_CN", "zh-hans"), ("ja-JP", "ja"), ("RU", "ru"), ("", "en"),
     ("fr", "en")],
)  # fmt: skip
def test_a_language_is_understood_as_it_is_written(written: str, code: str) -> None:
    assert language_of(written) == code


def queued(person: int) -> Message:
    """A mail to somebody that waits to be sent."""
    entry = example.entry()
    people.tell(
        person=person, kind="plan_sent", entry=entry.pk, facts={"plan": 7, "moved": 3}, at=NOW
    )
    return Message.objects.get(person=person, entry=entry, mail="queued")


def test_who_has_left_since_gets_no_mail(server: Server) -> None:
    cast = example.company()
    told = queued(cast.kenji)
    example.leave(person=cast.kenji)
    assert jobs.mail(message=told.pk) is None
    told.refresh_from_db()
    assert told.mail == "off"
    assert server.letters == []


def test_who_wants_no_mail_any_more_gets_none_that_waited(server: Server) -> None:
    cast = example.company()
    told = queued(cast.kenji)
    people.set_mail(wanted=False, actor=cast.kenji, now=NOW)
    assert jobs.mail(message=told.pk) is None
    told.refresh_from_db()
    assert told.mail == "off"
    assert server.letters == []


def test_a_mail_to_who_has_left_since_is_not_sent_again(server: Server) -> None:
    cast = example.company()
    told = queued(cast.kenji)
    Message.objects.filter(pk=told.pk).update(mail="failed")
    example.leave(person=cast.kenji)
    people.send_again(message=told.pk, actor=cast.sam, now=NOW)
    told.refresh_from_db()
    assert told.mail == "off"


@pytest.mark.parametrize(
    "email",
    ["kenji", "kenji@@x.com", "a b@x.com", "<kenji@x.com>", "kenji@x.com; k2@x.com",
     "kenji@x..com", "кенджи@пример.рф", "Kenji <kenji@x.com>", "@x.com", "kenji@", " "],
)  # fmt: skip
def test_an_address_that_is_none_fails_the_mail_and_needs_a_person(
    server: Server, email: str
) -> None:
    cast = example.company()
    told = queued(example.person(name="Odd One", email=email))
    assert jobs.mail(message=told.pk) == "failed"
    assert server.letters == []
    page = reader(cast.sam).get("/settings/mail/").content.decode()
    assert "No mail can be sent to this address" in page


def test_an_address_emptied_since_fails_the_mail(server: Server) -> None:
    cast = example.company()
    told = queued(cast.kenji)
    people.change(person=cast.kenji, email="", now=NOW, actor=None)
    assert jobs.mail(message=told.pk) == "failed"


@pytest.mark.parametrize("email", ["k.o+x@firm.example", '"k o"@firm.example', "k@пример.рф"])
def test_an_address_out_of_the_ordinary_is_one(server: Server, email: str) -> None:
    example.company()
    told = queued(example.person(name="Odd, One", email=email))
    assert jobs.mail(message=told.pk) == "sent"


def test_all_are_read_that_were_there_when_the_page_was_asked_for() -> None:
    cast = example.company()
    kenji = reader(cast.kenji)
    told = []
    for plan in (7, 8):
        people.tell(
            person=cast.kenji, kind="plan_sent", entry=example.entry().pk,
            facts={"plan": plan, "moved": 3}, at=NOW,
        )  # fmt: skip
        told.append(messages_of(cast.kenji)[-1])
        if plan == 7:
            page = kenji.get("/messages/").content.decode()
    assert f'name="newest" value="{told[0].pk}"' in page
    assert kenji.post("/messages/", {"newest": told[0].pk}).status_code == 303
    assert [each.read_at is not None for each in messages_of(cast.kenji)] == [True, False]


def test_who_asks_for_headers_alone_takes_nothing_out(olga: Site) -> None:
    tell()
    told = messages_of(olga.cast.mei)[0]
    mei = reader(olga.cast.mei)
    for path in (
        f"/receipts/{olga.commit}.csv", f"/receipts/{olga.commit}.json", f"/messages/{told.pk}.csv"
    ):  # fmt: skip
        answer = mei.head(path)
        assert answer.status_code == 200
        assert "attachment" in answer["Content-Disposition"]
        assert reader(olga.cast.ivo).head(path).status_code == 404
    assert not Taking.objects.exists()
