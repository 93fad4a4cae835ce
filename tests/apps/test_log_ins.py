"""Second factors, sessions, and what a role asks for: what opens a page, and what no longer."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings
from tests import example
from tests.example import NOW
from tests.pages import account, reader

from legato.ledger.models import Entry
from legato.people import operations
from legato.people.log_ins import session_name
from legato.people.models import Session
from legato.settings import more_than_a_password_of

pytestmark = pytest.mark.django_db

PASSWORD = "a quiet passage"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SECRET = re.compile(r'<code class="copy">(\w+)</code>')


@pytest.fixture
def mei() -> User:
    return with_password(example.company().mei)


def with_password(person: int) -> User:
    user = account(person)
    user.set_password(PASSWORD)
    user.save()
    return user


def entered(user: User, *, agent: str = FIREFOX) -> Client:
    """A browser in which the password was typed."""
    client = Client(headers={"User-Agent": agent})
    client.post("/session/", {"username": user.username, "password": PASSWORD})
    return client


def confirmed(user: User) -> Client:
    """The like, in which it was shown once more who it is."""
    client = entered(user)
    client.post("/my-log-in/confirm/", {"password": PASSWORD})
    return client


def code(secret: str) -> str:
    """What an app shows now."""
    counters = list(yield_hotp_counters_from_time())
    return str(format_hotp_value(hotp_value(secret, counters[len(counters) // 2])))


def with_app(user: User) -> tuple[str, list[str]]:
    """The key of an app that was added, and the recovery codes that were shown."""
    client = confirmed(user)
    page = client.get("/my-log-in/app/").content.decode()
    (secret,) = SECRET.findall(page)
    added = client.post("/my-log-in/app/", {"code": code(secret)})
    assert added["Location"] == "/my-log-in/codes/"
    codes = re.findall(r"<li><code>(\w+)</code>", client.get("/my-log-in/codes/").content.decode())
    cache.clear()  # A code counts once; the tests type it again within its half minute.
    return secret, codes


def test_how_one_logs_in_is_changed_only_after_showing_who_it_is(mei: User) -> None:
    client = entered(mei)
    for address in ("app/", "passkeys/", "codes/new/"):
        asked = client.get(f"/my-log-in/{address}")
        assert asked["Location"].startswith("/my-log-in/confirm/?next=")
    wrong = client.post("/my-log-in/confirm/", {"password": "wrong"})
    assert "This is not your password" in wrong.content.decode()
    assert client.get("/my-log-in/app/").status_code == 302


def test_with_an_app_the_password_alone_opens_nothing(mei: User) -> None:
    secret, _codes = with_app(mei)
    client = entered(mei)
    assert client.get("/")["Location"] == "/session/?next=/"
    wrong = client.post("/session/code/", {"code": "000000"})
    assert "This code is not right" in wrong.content.decode()
    assert client.get("/").status_code == 302
    assert client.post("/session/code/", {"code": code(secret)}).status_code == 302
    assert client.get("/").status_code == 200


def test_a_code_of_the_app_counts_once(mei: User) -> None:
    secret, _codes = with_app(mei)
    shown = code(secret)
    assert entered(mei).post("/session/code/", {"code": shown}).status_code == 302
    assert entered(mei).post("/session/code/", {"code": shown}).status_code == 200


def test_a_recovery_code_is_shown_once_and_counts_once(mei: User) -> None:
    _secret, codes = with_app(mei)
    assert len(codes) == 10
    client = entered(mei)
    client.post("/session/code/", {"code": codes[0]})
    assert "9 codes are left" in client.get("/my-log-in/").content.decode()
    assert codes[1] not in client.get("/my-log-in/codes/").content.decode()
    assert entered(mei).post("/session/code/", {"code": codes[0]}).status_code == 200


def test_the_key_of_an_app_cannot_be_read_in_the_database(mei: User) -> None:
    secret, codes = with_app(mei)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, ' ') FROM mfa_authenticator")
        (stored,) = cursor.fetchone()
    assert secret not in stored
    assert codes[0] not in stored


def test_every_change_of_the_own_log_in_is_in_the_ledger(mei: User) -> None:
    client = entered(mei)
    new = {"oldpassword": PASSWORD, "password1": "another passage", "password2": "another passage"}
    client.post("/my-log-in/password/", new)
    client.post("/my-log-in/confirm/", {"password": "another passage"})
    page = client.get("/my-log-in/app/").content.decode()
    client.post("/my-log-in/app/", {"code": code(SECRET.findall(page)[0])})
    client.post("/my-log-in/codes/new/")
    client.post("/my-log-in/app/end/")
    found = Entry.objects.filter(kind="log_in_changed").order_by("pk")
    assert [(each.facts["added"], each.facts["removed"]) for each in found] == [
        (["password"], []),
        (["recovery_codes", "totp"], []),
        (["recovery_codes"], ["recovery_codes"]),
        ([], ["recovery_codes", "totp"]),
    ]
    assert {each.actor_id for each in found} == {mei.person.pk}


def test_a_new_password_logs_one_out_everywhere_else(mei: User) -> None:
    here, there = entered(mei), entered(mei)
    weak = here.post(
        "/my-log-in/password/",
        {"oldpassword": PASSWORD, "password1": "short", "password2": "short"},
    )
    assert weak.status_code == 200
    assert there.get("/").status_code == 200
    new = {"oldpassword": PASSWORD, "password1": "another passage", "password2": "another passage"}
    assert here.post("/my-log-in/password/", new)["Location"] == "/my-log-in/"
    assert there.get("/").status_code == 302
    assert here.get("/").status_code == 200


def test_one_sees_ones_sessions_and_ends_one_or_all_others(mei: User) -> None:
    here, phone, office = entered(mei), entered(mei, agent="iPhone Safari/605"), entered(mei)
    page = here.get("/my-log-in/").content.decode()
    assert "Firefox, Windows" in page
    assert "Safari, iPhone" in page
    assert str(here.session.session_key) not in page
    name = re.search(r'name="only" value="(\w+)"[^>]*>Log out<[^>]*>: Safari', page)
    assert name
    here.post("/my-log-in/sessions/", {"only": name[1]})
    assert [each.get("/").status_code for each in (here, phone, office)] == [200, 302, 200]
    here.post("/my-log-in/sessions/", {"others": "1"})
    assert [each.get("/").status_code for each in (here, office)] == [200, 302]
    ended = [each.facts["sessions"] for each in Entry.objects.filter(kind="sessions_ended")]
    assert ended == [1, 1]


def test_nobody_ends_the_sessions_of_others_by_naming_them(mei: User) -> None:
    sam = reader(example.person(name="Sam Else", role="operations"))
    theirs = Session.objects.get(pk=sam.session.session_key)
    entered(mei).post("/my-log-in/sessions/", {"only": session_name(theirs.pk)})
    assert sam.get("/").status_code == 200


def test_sales_operations_end_sessions_and_take_lost_factors_away() -> None:
    cast = example.company()
    mei = with_password(cast.mei)
    with_app(mei)
    lost = entered(mei)
    sam = reader(cast.sam)
    assert f"/people/{cast.mei}/log-in/" in sam.get("/people/").content.decode()
    done = sam.post(f"/people/{cast.mei}/log-in/", {"act": "reset", "reason": "Phone lost"})
    assert done.status_code == 303
    assert "1 passkey or app taken away" in sam.get(done["Location"]).content.decode()
    assert Session.objects.filter(user=mei).count() == 0
    client = entered(mei)
    assert client.get("/").status_code == 200
    sam.post(f"/people/{cast.mei}/log-in/", {"act": "end"})
    assert client.get("/").status_code == lost.get("/").status_code == 302
    reset = Entry.objects.get(kind="factors_reset")
    assert (reset.actor_id, reset.reason, reset.facts) == (cast.sam, "Phone lost", {"factors": 1})


@pytest.mark.parametrize("role", ["rep", "manager", "hr", "director"])
def test_others_neither_see_nor_end_who_is_logged_in(role: str, mei: User) -> None:
    client = reader(example.person(name="Somebody Else", role=role))
    inside = entered(mei)
    for address in ("/people/", f"/people/{mei.person.pk}/log-in/"):
        assert client.get(address).status_code == 404
    assert client.post(address, {"act": "end"}).status_code == 404
    assert inside.get("/").status_code == 200


def test_who_leaves_is_logged_out_in_the_same_transaction() -> None:
    cast = example.company()
    client = entered(with_password(cast.sam))
    with_app(account(cast.sam))
    assert client.get("/my-log-in/").status_code == 200
    example.leave(person=cast.sam)
    assert not Session.objects.filter(user__person=cast.sam).exists()
    for address in ("/", "/my-log-in/", "/my-log-in/password/", "/my-log-in/app/", "/people/"):
        assert client.get(address)["Location"] == f"/session/?next={address}"


def test_a_session_that_outlived_its_person_opens_nothing() -> None:
    """Not even where its row is still there: whoever asks is looked up anew at each request."""
    cast = example.company()
    client = entered(with_password(cast.sam))
    kept = client.session
    example.leave(person=cast.sam)
    User.objects.filter(person=cast.sam).update(is_active=True)
    kept.save(must_create=True)
    assert client.get("/").status_code == 302


def test_who_leaves_between_password_and_code_does_not_come_in() -> None:
    cast = example.company()
    secret, _codes = with_app(with_password(cast.sam))
    client = entered(account(cast.sam))
    example.leave(person=cast.sam)
    client.post("/session/code/", {"code": code(secret)})
    assert client.get("/").status_code == 302


def test_who_is_employed_again_gets_a_new_log_in_first() -> None:
    cast = example.company()
    sam = with_password(cast.sam)
    example.leave(person=cast.sam)
    operations.rehire(
        person=cast.sam, started_on=None, now=NOW + timedelta(days=9), actor=None, reason="Again"
    )
    assert entered(sam).get("/").status_code == 302
    operations.give_log_in(
        person=cast.sam, user_name=None, password=PASSWORD, now=NOW + timedelta(days=9), actor=None
    )
    assert entered(sam).get("/").status_code == 200


def test_passwords_cannot_be_tried_for_long(mei: User) -> None:
    client = Client()
    for _try in range(5):
        client.post("/session/", {"username": mei.username, "password": "wrong"})
    right = client.post("/session/", {"username": mei.username, "password": PASSWORD})
    assert "Tried too often" in right.content.decode()
    assert client.get("/").status_code == 302
    other = Client(REMOTE_ADDR="192.0.2.9")
    other.post("/session/", {"username": mei.username, "password": PASSWORD})
    assert other.get("/").status_code == 302
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_attempt")
        assert cursor.fetchone() > (0,)


def test_codes_cannot_be_tried_for_long(mei: User) -> None:
    secret, _codes = with_app(mei)
    client = entered(mei)
    for number in range(5):
        client.post("/session/code/", {"code": f"00000{number}"})
    right = client.post("/session/code/", {"code": code(secret)})
    assert "Tried too often" in right.content.decode()


@pytest.mark.parametrize(
    ("required", "role", "location"),
    [
        ("off", "manager", None),
        ("managers", "rep", None),
        ("managers", "manager", "/my-log-in/"),
        ("managers", "hr", "/my-log-in/"),
        ("all", "rep", "/my-log-in/"),
    ],
)
def test_a_role_that_needs_more_than_a_password_adds_it_first(
    required: str, role: str, location: str | None, settings: Settings
) -> None:
    settings.MFA_REQUIRED_OF = required
    user = with_password(example.person(name="Somebody Else", role=role))
    client = entered(user)
    assert client.get("/").get("Location") == location
    assert ("a password alone is not enough" in client.get("/my-log-in/").content.decode()) == (
        location is not None
    )
    with_app(user)
    assert client.get("/").status_code == 200


def test_when_a_session_was_seen_is_noted_every_five_minutes(
    mei: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = entered(mei)
    with django_assert_num_queries(6):
        client.get("/my-log-in/")
    long_ago = timezone.now() - timedelta(hours=1)
    Session.objects.filter(pk=client.session.session_key).update(seen_at=long_ago)
    with django_assert_num_queries(7):
        client.get("/my-log-in/")
    assert Session.objects.get(pk=client.session.session_key).seen_at > long_ago


def test_nobody_signs_up() -> None:
    for address in ("/signup/", "/session/signup/", "/accounts/signup/"):
        assert Client().get(address).status_code == 404


def test_a_forgotten_password_is_mailed_only_where_there_is_a_mail_server(
    mei: User, settings: Settings, mailoutbox: list[EmailMessage]
) -> None:
    settings.MAIL_IS_ON = False
    email = {"email": mei.person.email}
    client = Client()
    assert "Ask whoever runs Legato" in client.get("/session/forgotten/").content.decode()
    client.post("/session/forgotten/", email)
    assert mailoutbox == []
    settings.MAIL_IS_ON = True
    for asked in ({"email": "nobody@example.com"}, email):
        assert client.post("/session/forgotten/", asked)["Location"] == "/session/forgotten/sent/"
    (letter,) = mailoutbox
    (link,) = re.findall(r"http://testserver(/session/forgotten/\S+)", str(letter.body))
    form = client.get(link)["Location"]
    new = {"password1": "another passage", "password2": "another passage"}
    assert client.post(form, new)["Location"] == "/session/forgotten/done/"
    mei.refresh_from_db()
    assert mei.check_password("another passage")
    assert client.get("/").status_code == 302
    assert "used already" in Client().get(link).content.decode()


@pytest.mark.parametrize(
    ("said", "means"), [("", "off"), ("off", "off"), ("managers", "managers"), ("all", "all")]
)
def test_who_needs_more_than_a_password_is_one_of_three_words(said: str, means: str) -> None:
    assert more_than_a_password_of({"LEGATO_MFA": said}) == means


@pytest.mark.parametrize("said", ["manager", "on", "true", "1", "ALL"])
def test_another_word_for_who_needs_more_than_a_password_is_refused(said: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="off, managers, all"):
        more_than_a_password_of({"LEGATO_MFA": said})
