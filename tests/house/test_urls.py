"""Every address, asked in every way by everybody: who may see it does, others see nothing.

Whoever adds an address says in `ADDRESSES` for whom it is and what it takes, or in `OPEN` that it
needs no log-in. What somebody may not see looks to them, byte by byte, like what is not there.
"""

import gzip
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import URLPattern, reverse
from tests import drafts, example
from tests.example import NOW
from tests.pages import Site, account, open_case, propose, reader, site

from legato.ledger.models import Entry
from legato.people import operations as people
from legato.people.models import ROLES, Message
from legato.planning.models import Assignment
from legato.urls import urlpatterns
from legato.web.assets import ASSETS

pytestmark = pytest.mark.django_db

EVERYBODY = frozenset(ROLES)
SEE_CASES = frozenset({"manager", "director", "operations", "hr", "administrator"})
LET_IN = frozenset({"operations", "administrator"})
READ, ACT, DONE = ("GET", "HEAD"), ("GET", "HEAD", "POST"), ("POST",)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
TORTURE = int(os.environ.get("LEGATO_TORTURE", "1"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """For which roles, and the methods it takes. An ``own`` one leads to confirming who one is."""

    roles: frozenset[str]
    takes: tuple[str, ...] = READ
    own: bool = False
    receivers: bool = False
    """Besides, for whoever receives something by the plan."""


FOR_ALL, CASE = Address(roles=EVERYBODY), Address(roles=SEE_CASES)
CASE_ACT = Address(roles=SEE_CASES, takes=ACT)
OWN = Address(roles=EVERYBODY, takes=ACT, own=True)
ADDRESSES = {
    "today": FOR_ALL,
    "cases": FOR_ALL,
    "case": CASE,
    "plan": CASE,
    "receipt": CASE,
    "receipt_csv": CASE,
    "receipt_json": CASE,
    "undo": CASE_ACT,
    "protect": CASE_ACT,
    "open_case": CASE_ACT,
    "change_case": CASE_ACT,
    "withdraw_case": CASE_ACT,
    "close_case": CASE_ACT,
    "sign_rest": CASE_ACT,
    "case_file": CASE_ACT,
    "team_note": CASE_ACT,
    "case_book": CASE,
    "book": FOR_ALL,
    "new_look": Address(roles=EVERYBODY, takes=ACT),
    "look": Address(roles=frozenset(), takes=ACT),
    "messages": Address(roles=EVERYBODY, takes=ACT),
    "message": Address(roles=frozenset()),
    "message_csv": Address(roles=frozenset()),
    "mail_again": CASE_ACT,
    "settings": Address(roles=EVERYBODY, takes=ACT),
    "mails": CASE,
    "policy": CASE,
    "policy_version": CASE,
    "new_policy": CASE_ACT,
    "audit": CASE,
    "audit_csv": CASE,
    "verification": CASE_ACT,
    "give": CASE_ACT,
    "plans": FOR_ALL,
    "approvals": CASE,
    "plan_case": CASE_ACT,
    "plan_again": CASE_ACT,
    "plan_compare": CASE,
    "plan_unit": CASE,
    "plan_part": CASE,
    "plan_request": CASE_ACT,
    "plan_approval": CASE_ACT,
    "plan_rejection": CASE_ACT,
    "plan_question": CASE_ACT,
    "plan_answer": CASE_ACT,
    "plan_commit": CASE_ACT,
    "plan_mine": Address(roles=frozenset(), receivers=True),
    "plan_objection": Address(roles=frozenset(), takes=ACT, receivers=True),
    "imports": CASE_ACT,
    "import_draft": CASE,
    "import_reading": CASE_ACT,
    "import_columns": CASE_ACT,
    "import_people": CASE_ACT,
    "import_test": CASE_ACT,
    "import_pause": CASE_ACT,
    "import_resume": CASE_ACT,
    "import_give_up": CASE_ACT,
    "import_broken": CASE,
    "import_undo": CASE_ACT,
    "guide": FOR_ALL,
    "guide_page": FOR_ALL,
    "put_away": Address(roles=EVERYBODY, takes=DONE),
    "log_ins": Address(roles=LET_IN),
    "log_in_of": Address(roles=LET_IN, takes=ACT),
    "end_sessions": Address(roles=EVERYBODY, takes=ACT),
    "mfa_index": FOR_ALL,
    "mfa_list_webauthn": FOR_ALL,
    "account_reauthenticate": OWN,
    "account_change_password": OWN,
    "account_set_password": OWN,
    "mfa_reauthenticate": OWN,
    "mfa_reauthenticate_webauthn": OWN,
    "mfa_activate_totp": OWN,
    "mfa_deactivate_totp": OWN,
    "mfa_add_webauthn": OWN,
    "mfa_remove_webauthn": OWN,
    "mfa_view_recovery_codes": OWN,
    "mfa_generate_recovery_codes": OWN,
}
"""Addresses that need a log-in. Those for everybody show readers what is theirs, be it nothing."""
OPEN = {
    "log_in": ACT,
    "log_out": DONE,
    "account_login": ACT,
    "account_logout": DONE,
    "mfa_login_webauthn": ACT,
    "mfa_authenticate": ACT,
    "openid_connect_login": READ,
    "openid_connect_callback": READ,
    "account_reset_password": ACT,
    "account_reset_password_done": READ,
    "account_reset_password_from_key": ACT,
    "account_reset_password_from_key_done": READ,
    "set_language": METHODS,  # Django's own; it does nothing but for POST.
    "asset": READ,
    "health": READ,
}
"""Addresses that need no log-in, and the methods they take."""
STYLE = ASSETS["style.css"]
TEXTS = {
    "digest": STYLE.digest,
    "name": STYLE.name,
    "provider_id": "company",
    "uidb36": "1",
    "key": "made-up",
}
"""What stands in the addresses that are no numbers."""
WAYS: tuple[dict[str, str], ...] = (
    {},
    {"HX-Request": "true"},
    {"HX-Request": "true", "HX-Target": "records"},
    {"If-None-Match": "*"},
    {"Accept": "application/json"},
    {"Accept-Encoding": "gzip"},
)
"""Headers that browsers, htmx and caches send, of which some make answers shorter."""
QUERIES = (
    "",
    "?search=Customer",
    "?q=Customer",
    "?kind=opportunity&heat=hot&order=due",
    "?page=2",
    "?page=99999",
    "?hide=account&format=csv",
)
"""Searches, filters, orders and pages of lists: none may answer where the page itself does not."""
ASKED = (
    *((method, "", headers) for method in METHODS for headers in WAYS[:2]),
    *(("GET", "", headers) for headers in WAYS[2:]),
    *(("GET", query, headers) for query in QUERIES[1:] for headers in WAYS[:2]),
)
"""Every method in every way, and every query as a page and as a part of one."""
IN_SHORT = (("GET", "", WAYS[0]), ("GET", "", WAYS[1]), ("POST", "", WAYS[0]))


def asked_of(number: int) -> Sequence[tuple[str, str, dict[str, str]]]:
    """All of it for every address in `make torture`; else the common ways, and of all others every
    eighth, others for each address."""
    return ASKED if TORTURE > 1 else (*IN_SHORT, *ASKED[number % 8 :: 8])


SECRETS = ("Customer 0", "A promise", "A far ticket", "A new life", "Olga")
"""What of Olga's departure and book must be read nowhere by others."""


@pytest.fixture
def olga() -> Site:
    found = site()
    account(found.cast.mei)
    drafts.imported(found.cast, now=NOW)
    return found


def name_of(pattern: URLPattern) -> str:
    assert pattern.name, f"{pattern} needs a name"
    return pattern.name


def places(found: Site) -> Iterator[tuple[str, Address, str, str]]:
    """Every address that needs a log-in: name, what it is, one that exists, one that does not."""
    unit = Assignment.objects.filter(plan=found.plan).values_list("unit", flat=True)[0]
    parts_known = {
        "case_id": found.case,
        "plan_id": found.plan,
        "other_id": found.plan,
        "unit_id": unit,
        "receiver_id": found.cast.kenji,
        "entry_id": found.commit,
        "person_id": found.cast.mei,
        "look_id": 1,
        "message_id": told(found),
        "version": 0,
        "draft_id": drafts.latest(),
        "pk": 1,
        "topic": "undo",
    }
    for pattern in urlpatterns:
        name = name_of(pattern)
        if name not in OPEN:
            parts = pattern.pattern.converters
            unknown = set(parts) - set(parts_known)
            assert not unknown, f"Say in places() of tests/house/test_urls.py what {unknown} is"
            known = reverse(name, kwargs={part: parts_known[part] for part in parts})
            missing = reverse(name, kwargs=dict.fromkeys(parts, 987654321))
            yield name, ADDRESSES[name], known, missing


def told(found: Site) -> int:
    """A message of the departure's manager."""
    people.tell(person=found.cast.mei, kind="commit", entry=found.commit, facts={}, at=NOW)
    return Message.objects.values_list("pk", flat=True).get(entry=found.commit)


def ask(client: Client, method: str, address: str, headers: dict[str, str]) -> HttpResponse:
    answer = client.generic(method, address, headers=headers)
    if isinstance(answer, StreamingHttpResponse):
        whole = b"".join(answer)
        return HttpResponse(whole, status=answer.status_code, headers=dict(answer.headers))
    assert isinstance(answer, HttpResponse)
    return answer


def shown(answer: HttpResponse, address: str) -> object:
    """All that an answer says, but for what differs by the address alone or from look to look."""
    packed = answer.headers.get("Content-Encoding") == "gzip"
    text = (gzip.decompress(answer.content) if packed else answer.content).decode()
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text).replace(address, "…")
    kept = {k: v for k, v in answer.headers.items() if k not in ("Content-Length", "Location")}
    leads = answer.headers.get("Location", "").replace(address, "…")
    return answer.status_code, kept, leads, page


def test_every_address_says_for_whom_it_is() -> None:
    for pattern in urlpatterns:
        name = name_of(pattern)
        said = (name in ADDRESSES) + (name in OPEN)
        assert said == 1, f"Say in ADDRESSES or OPEN of tests/house/test_urls.py who sees {name}"
    gone = (set(ADDRESSES) | set(OPEN)) - {name_of(each) for each in urlpatterns}
    assert not gone, f"There is no such address any more: {gone}"


def nobody() -> Client:
    return Client()


def without_person() -> Client:
    """An account behind which nobody stands, logged in."""
    client = Client()
    client.force_login(User.objects.create_user("nobody-in-particular"))
    return client


def who_left() -> Client:
    """Somebody whose session began while they still worked here."""
    left = example.person(name="Gone Since", role="manager")
    client = reader(left)
    kept = client.session
    example.leave(person=left)
    kept.save(must_create=True)
    return client


def who_left_without_losing_the_account() -> Client:
    client = who_left()
    User.objects.filter(person__name="Gone Since").update(is_active=True)
    return client


@pytest.mark.parametrize(
    "who", [nobody, without_person, who_left, who_left_without_losing_the_account]
)
def test_who_is_not_logged_in_as_somebody_employed_learns_nothing(who: object, olga: Site) -> None:
    client = who()  # type: ignore[operator]
    before = Entry.objects.count()
    for number, (name, address, known, missing) in enumerate(places(olga)):
        for method, query, headers in asked_of(number):
            answer = ask(client, method, known + query, headers)
            if method in address.takes:
                leads = answer.headers["Location"]
                assert leads.startswith(f"/session/?next={known}"), (name, method)
                assert not answer.content
            else:
                assert answer.status_code == 405, (name, method)
            absent = ask(client, method, missing + query, headers)
            assert shown(answer, known) == shown(absent, missing), (name, method, headers)
    assert Entry.objects.count() == before


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_what_is_for_it_and_nothing_else(role: str, olga: Site) -> None:
    client = reader(example.person(name="Somebody Else", role=role))
    for number, (name, address, known, _missing) in enumerate(places(olga)):
        if address.own or "GET" not in address.takes:
            continue
        sees = role in address.roles
        for method, query, headers in asked_of(number):
            if method in READ:
                status = ask(client, method, known + query, headers).status_code
                # A list need not know each other list's columns.
                wanted = {404} if not sees else {200, 404} if query else {200}
                assert status in wanted, (name, method, query, headers)


def outsider(found: Site) -> int:
    return example.person(name="Somebody Else", role="rep")


def leaver(found: Site) -> int:
    return found.cast.olga


def receiver(found: Site) -> int:
    return found.cast.kenji


@pytest.mark.parametrize("who", [outsider, leaver, receiver])
def test_what_is_forbidden_looks_like_what_is_not_there(who: object, olga: Site) -> None:
    client = reader(who(olga))  # type: ignore[operator]
    before = Entry.objects.count()
    for number, (name, address, known, missing) in enumerate(places(olga)):
        if "rep" in address.roles or address.receivers:
            continue
        for method, query, headers in asked_of(number):
            answer = ask(client, method, known + query, headers)
            assert answer.status_code == (404 if method in address.takes else 405), name
            absent = ask(client, method, missing + query, headers)
            told = (shown(answer, known), shown(absent, missing))
            assert told[0] == told[1], (name, method, headers, query)
            assert "ETag" not in answer.headers
    assert Entry.objects.count() == before


@pytest.mark.parametrize("query", QUERIES)
def test_what_everybody_may_open_says_nothing_of_others_books(query: str, olga: Site) -> None:
    client = reader(example.person(name="Somebody Else", role="rep"))
    for name, address, known, _missing in places(olga):
        if "rep" in address.roles and "GET" in address.takes:
            for headers in WAYS[:3]:
                page = ask(client, "GET", known + query, headers).content.decode()
                read = [each for each in SECRETS if each in page]
                links = re.findall(r'href="/(?:cases|plans|receipts)/\d', page)
                assert not read, (name, query, read)
                assert not links, (name, query)


def test_own_pages_are_ones_own(olga: Site) -> None:
    """Of the log-in's pages each shows the reader's, or asks once more who they are."""
    client = reader(example.person(name="Somebody Else", role="rep"))
    for name, address, known, _missing in places(olga):
        if address.own:
            answer = client.get(known)
            asked = answer.headers.get("Location", "").startswith(("/my-log-in/", "/session/"))
            may = asked or answer.status_code in (200, 403, 404)
            assert may, (name, answer.status_code)


def test_the_leaver_sees_nothing_of_the_own_departure(olga: Site) -> None:
    client = reader(olga.cast.olga)
    for name, address, known, _missing in places(olga):
        if not address.own and "GET" in address.takes:
            wanted = 200 if "rep" in address.roles else 404
            assert client.get(known).status_code == wanted, name


def test_a_manager_who_leaves_sees_nothing_of_the_own_departure() -> None:
    cast = example.company()
    leaving = example.person(name="Lea", role="manager", manager=cast.ada)
    example.record(owner=leaving)
    case = open_case(cast, leaver=leaving)
    client = reader(leaving)
    plan = propose(case, cast).plan
    for headers in WAYS:
        for query in QUERIES:
            for address in (f"/cases/{case}/", f"/plans/{plan}/"):
                assert ask(client, "GET", address + query, headers).status_code == 404
    assert f"/cases/{case}/" not in client.get("/").content.decode()


def test_an_address_takes_only_what_it_is_for(olga: Site) -> None:
    client = reader(olga.cast.ada)
    for name, address, known, _missing in places(olga):
        for method in set(METHODS) - set(address.takes):
            said = f"{method} {name}: an act says so in ADDRESSES of tests/house/test_urls.py"
            assert client.generic(method, known).status_code == 405, said


def test_an_open_address_takes_only_what_it_is_for() -> None:
    for pattern in urlpatterns:
        name = name_of(pattern)
        if name in OPEN:
            parts = {part: TEXTS[part] for part in pattern.pattern.converters}
            for method in set(METHODS) - set(OPEN[name]):
                answer = Client().generic(method, reverse(name, kwargs=parts))
                assert answer.status_code == 405, (method, name)
