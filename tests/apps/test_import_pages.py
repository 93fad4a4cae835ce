"""The import on its pages: every step keeps its answer, and only the last but one writes."""

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from procrastinate import testing
from procrastinate.contrib.django import app
from tests import example
from tests.example import NOW, Cast
from tests.importing import owners, read, write
from tests.pages import reader

from legato.books.importing import undo, uploads, working
from legato.books.models import Draft, Piece, Record
from legato.ledger.operations import KeyAlreadyUsed
from legato.people.queries import MayNotAdminister
from legato.postgres.addresses import Addresses

DEALS = (
    "Opportunity ID,Owner,Account,Deal Stage,Amount,Close Date\n"
    "O1,Olga Petrova,Alfa,Negotiation,1200.50,2026-05-01\n"
    "O2,Olga Petrowa-Smith,Beta,Won,900,2026-03-01\n"
    "O3,Gone Away,Beta,Proposal,abc,2026-03-01\n"
)


@pytest.fixture(autouse=True)
def _real_database(fresh_database: Addresses) -> None:
    """An import commits, so each test has a database of its own."""


@pytest.fixture(autouse=True)
def queue() -> Iterator[testing.InMemoryConnector]:
    """Jobs wait here until `work` does them."""
    with app.replace_connector(testing.InMemoryConnector()):
        yield app.connector  # type: ignore[misc]


def work(draft: int) -> str:
    """What a worker would do with the draft."""
    return working.carry_on(draft=draft, clock=lambda: NOW, again=lambda draft: None)


def give(client: Client, *files: tuple[str, bytes | str]) -> int:
    """Sends files; the draft."""
    sent = [
        SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
        for name, content in files
    ]
    answer = client.post("/imports/", {"files": sent})
    assert answer.status_code == 303, answer.content.decode()
    return int(answer["Location"].split("/")[2])


def page(client: Client, draft: int, step: str = "") -> str:
    answer = client.get(f"/imports/{draft}/{step}")
    assert answer.status_code == 200
    return answer.content.decode()


def looked_at(client: Client, draft: int) -> str:
    """What the form of the test's page says was looked at."""
    (digest,) = re.findall(r'name="tested" value="([0-9a-f]+)"', page(client, draft, "test/"))
    return str(digest)


def go(client: Client, draft: int, step: str, **said: Any) -> None:
    if step == "test":
        said = {"tested": looked_at(client, draft), **said}
    answer = client.post(f"/imports/{draft}/{step}/", said)
    assert answer.status_code == 303, answer.content.decode()


@pytest.fixture
def cast() -> Cast:
    return example.company()


@pytest.fixture
def sam(cast: Cast) -> Client:
    return reader(cast.sam)


def test_a_file_goes_from_the_first_step_to_the_last(sam: Client) -> None:
    draft = give(sam, ("deals.csv", DEALS))
    assert "O1" in page(sam, draft, "reading/")
    go(sam, draft, "columns", source="crm")
    assert work(draft) == "tested"
    assert "Petrowa" in page(sam, draft)
    go(sam, draft, "people")
    assert work(draft) == "tested"
    assert "This was a test" in page(sam, draft)
    assert not Record.objects.filter(kind="opportunity").exists()
    go(sam, draft, "test", reason="Migration")
    assert work(draft) == "done"
    assert "What came of it" in page(sam, draft)
    assert Record.objects.filter(kind="opportunity").count() == 2


def test_every_page_is_there_at_every_step(sam: Client, cast: Cast) -> None:
    steps = ("", "reading/", "columns/", "people/", "test/", "pause/", "end/", "undo/")
    draft = give(sam, ("deals.csv", DEALS))
    for step in steps:
        page(sam, draft, step)
    go(sam, draft, "columns", source="crm")
    for step in steps:
        page(sam, draft, step)
    work(draft)
    for step in steps:
        page(sam, draft, step)
    go(sam, draft, "test")
    for step in steps:
        page(sam, draft, step)
    work(draft)
    for step in steps:
        page(sam, draft, step)
    assert "deals.csv" in sam.get("/imports/").content.decode()
    assert b"abc" in sam.get(f"/imports/{draft}/rejected/").content


def test_who_is_meant_is_chosen_once_and_remembered_for_the_next_file(
    sam: Client, cast: Cast
) -> None:
    draft = give(sam, ("deals.csv", DEALS.replace("abc", "5")))
    go(sam, draft, "columns", source="crm")
    work(draft)
    go(sam, draft, "people", **{"owner-0": "new", "owner-1": str(cast.kenji)})
    work(draft)
    go(sam, draft, "test")
    work(draft)
    given = owners()
    assert given["O2"] == "Kenji Sato"
    assert given["O3"] == "Gone Away"
    again = give(sam, ("later.csv", DEALS.replace("O2", "O9").replace("abc", "5")))
    assert Draft.objects.get(pk=again).source == "crm"
    go(sam, again, "columns", source="crm")
    work(again)
    assert Draft.objects.get(pk=again).test["owners"] == []


def test_broken_rows_come_back_in_their_encoding_and_come_in_once_when_mended(sam: Client) -> None:
    text = "Opportunity ID,Account,Amount\nО1,Альфа,1\nО2,Бета,два\n"
    draft = give(sam, ("сделки.csv", text.encode("cp1251")))
    assert "Windows-1251" in page(sam, draft, "reading/")
    go(sam, draft, "columns", source="crm")
    work(draft)
    go(sam, draft, "test")
    work(draft)
    answer = sam.get(f"/imports/{draft}/rejected/")
    broken = answer.content.decode("cp1251")
    assert "два" in broken
    mended = give(sam, ("mended.csv", broken.replace("два", "2").encode("cp1251")))
    go(sam, mended, "columns", source="crm")
    work(mended)
    go(sam, mended, "test")
    work(mended)
    assert Record.objects.filter(kind="opportunity").count() == 2


def test_the_test_says_which_cells_are_to_be_mended_and_gives_the_file(sam: Client) -> None:
    draft = give(sam, ("deals.csv", DEALS))
    assert sam.get(f"/imports/{draft}/rejected/").status_code == 404
    go(sam, draft, "columns", source="crm")
    work(draft)
    shown = " ".join(page(sam, draft, "test/").split())
    for told in ("deals.csv</th>", ">4</td>", ">O3</td>", ">Amount</td>", ">abc</td>"):
        assert told in shown
    assert "not a number</td>" in shown
    assert b"abc" in sam.get(f"/imports/{draft}/rejected/").content
    assert not Record.objects.filter(kind="opportunity").exists()
    assert "Gone Away" in page(sam, draft, "people/")


def test_the_file_to_be_mended_is_that_of_the_last_test_alone(sam: Client) -> None:
    draft = give(sam, ("deals.csv", DEALS))
    go(sam, draft, "columns", source="crm")
    work(draft)
    go(sam, draft, "people")
    assert sam.get(f"/imports/{draft}/rejected/").status_code == 404
    work(draft)
    go(sam, draft, "test")
    work(draft)
    answer = sam.get(f"/imports/{draft}/rejected/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="deals.rejected.csv"'


def test_rows_of_which_not_even_the_owner_can_be_read_are_told(sam: Client) -> None:
    rows = "Opportunity ID,Owner,Amount\nO1,Olga Petrova,1\nO2,Kenji\n"
    draft = give(sam, ("deals.csv", rows))
    go(sam, draft, "columns", source="crm")
    work(draft)
    shown = page(sam, draft, "people/")
    assert "1 row is too broken for its owner to be read; it is left out." in shown


ODD = "Cust. ref,Firm called,Whose\nC1,Alfa,Olga Petrova\nC2,Beta,Kenji Sato\n"


def test_another_kind_is_proposed_columns_before_it_is_tested(sam: Client) -> None:
    draft = give(sam, ("contacts.csv", "Name,Company,Phone\nMia,Alfa,1\n"))
    kind = Draft.objects.get(pk=draft).seen["files"][0]["parts"][0]["kind"]
    assert kind == "contact"
    go(sam, draft, "columns", source="crm", **{"kind-0": "lead"})
    assert Draft.objects.get(pk=draft).state == "asking"
    shown = page(sam, draft, "columns/")
    assert "The columns are proposed for the kind you chose." in shown
    assert "chosen by you" not in shown
    go(sam, draft, "columns", source="crm", **{"kind-0": "lead", "column-0-2": "-"})
    assert work(draft) == "tested"
    shown = page(sam, draft, "columns/")
    assert "The columns are proposed for the kind you chose." not in shown
    assert shown.count("chosen by you") == 1


def test_a_file_that_fits_nothing_is_warned_of_and_can_be_told_what_it_is(sam: Client) -> None:
    draft = give(sam, ("ten.csv", ODD))
    for step in ("reading/", "columns/"):
        shown = page(sam, draft, step)
        assert '<p class="problem">Left out: its columns fit none' in shown
    answer = sam.post(f"/imports/{draft}/columns/", {"source": "crm"})
    assert answer.status_code == 409
    assert "Choose of at least one what each of its rows is." in answer.content.decode()
    go(sam, draft, "columns", source="crm", **{"kind-0": "account"})
    names = {"column-0-0": "key", "column-0-1": "name", "column-0-2": "owner"}
    go(sam, draft, "columns", source="crm", **{"kind-0": "account"}, **names)
    assert work(draft) == "tested"


def test_what_was_chosen_for_an_earlier_file_says_so_until_it_is_changed(sam: Client) -> None:
    file = "Opportunity ID,Account,Note A,Note B\nO1,Alfa,x,y\n"
    draft = give(sam, ("deals.csv", file))
    go(sam, draft, "columns", source="crm", **{"column-0-2": "-"})
    work(draft)
    again = give(sam, ("later.csv", file))
    go(sam, again, "columns", source="crm", **{"column-0-3": "-"})
    shown = page(sam, again, "columns/")
    assert (shown.count("as last time"), shown.count("chosen by you")) == (3, 1)


def test_what_nobody_has_looked_at_is_not_imported(sam: Client, cast: Cast) -> None:
    draft = give(sam, ("deals.csv", DEALS))
    go(sam, draft, "columns")
    work(draft)
    seen = {"tested": looked_at(sam, draft)}
    go(reader(cast.mei), draft, "people", **{"owner-0": "manager"})
    for _before_and_after_the_test in range(2):
        refused = sam.post(f"/imports/{draft}/test/", seen)
        assert refused.status_code == 409
        work(draft)
    assert "something was answered otherwise" in refused.content.decode()
    assert not Record.objects.filter(kind="opportunity").exists()


def test_a_test_that_is_at_work_is_the_test_in_the_bar_of_steps(sam: Client) -> None:
    draft = give(sam, ("deals.csv", DEALS))
    go(sam, draft, "columns", source="crm")
    assert '<li aria-current="step"><span>5. Test</span>' in page(sam, draft)
    work(draft)
    go(sam, draft, "test")
    assert '<li aria-current="step"><span>6. Import</span>' in page(sam, draft)


def test_no_more_lines_are_offered_for_the_headers_than_there_are(sam: Client) -> None:
    short = give(sam, ("deals.csv", DEALS))
    offered = page(sam, short, "reading/")
    assert "<option>4</option>" in offered
    assert "<option>5</option>" not in offered
    long = give(sam, ("deals.csv", DEALS + "O4,Olga Petrova,Alfa,Won,1,\n" * 30))
    offered = page(sam, long, "reading/")
    assert "<option>20</option>" in offered
    assert "<option>21</option>" not in offered


def test_the_result_says_what_changed_and_where_it_is(cast: Cast) -> None:
    mei = reader(cast.mei)
    draft = give(mei, ("deals.csv", DEALS.replace("abc", "5")))
    go(mei, draft, "columns", source="crm")
    work(draft)
    go(mei, draft, "test")
    work(draft)
    shown = page(mei, draft)
    assert "/book/?of=team" in shown
    assert "the person of last resort" in shown
    later = give(mei, ("deals.csv", DEALS.replace("abc", "6")))
    go(mei, later, "columns", source="crm")
    work(later)
    assert "What changes" in page(mei, later, "test/")
    go(mei, later, "test")
    work(later)
    shown = page(mei, later)
    assert "What changed" in shown
    assert "What changes" not in shown


def test_a_paused_draft_goes_on_and_one_given_up_leaves_nothing(sam: Client) -> None:
    draft = give(sam, ("deals.csv", DEALS))
    go(sam, draft, "columns", source="crm")
    go(sam, draft, "pause")
    assert work(draft) == "paused"
    go(sam, draft, "resumption")
    assert work(draft) == "tested"
    go(sam, draft, "end")
    assert work(draft) == "given_up"
    assert not Piece.objects.exists()
    assert not Record.objects.filter(kind="opportunity").exists()


def test_who_is_killed_while_reading_or_writing_is_followed_by_the_next(sam: Client) -> None:
    draft = give(sam, ("deals.csv", DEALS))
    go(sam, draft, "columns", source="crm")
    work(draft)
    go(sam, draft, "test")
    Draft.objects.filter(pk=draft).update(state="writing")
    assert work(draft) == "done"
    count = Record.objects.count()
    assert work(draft) == "done"
    assert Record.objects.count() == count


def test_another_encoding_is_one_click_away(sam: Client) -> None:
    text = "商談ID,取引先,金額\r\nD1,さくら食品,1\r\n"
    draft = give(sam, ("deals.csv", text.encode("cp932")))
    assert "さくら食品" in page(sam, draft, "reading/")
    go(sam, draft, "reading", file="deals.csv", read="encoding:gb18030")
    assert ">さくら食品</td>" not in page(sam, draft, "reading/")
    go(sam, draft, "reading", file="deals.csv", read="encoding:cp932")
    assert ">さくら食品</td>" in page(sam, draft, "reading/")


def test_an_archive_is_its_files(sam: Client) -> None:
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("crm/deals.csv", DEALS)
        archive.writestr("crm/accounts.csv", "Account Name,Industry\nAlfa,retail\n")
    draft = give(sam, ("export.zip", packed.getvalue()))
    seen = Draft.objects.get(pk=draft).seen
    assert [file["name"] for file in seen["files"]] == ["accounts.csv", "deals.csv"]


@pytest.mark.parametrize("name", ["商" * 100, "é" * 300, "x" * 400])
def test_a_long_name_is_shortened_and_its_kind_kept(sam: Client, name: str) -> None:
    draft = give(sam, (f"{name}.csv", DEALS), (f"{name}.csv", DEALS))
    names = [file["name"] for file in Draft.objects.get(pk=draft).seen["files"]]
    assert all(each.endswith(".csv") and len(each.encode()) <= 255 for each in names)
    assert "O1" in page(sam, draft, "reading/")


@pytest.mark.parametrize("how", [ZIP_DEFLATED, ZIP_BZIP2, ZIP_LZMA])
def test_a_damaged_archive_is_said_to_be_unreadable(sam: Client, how: int) -> None:
    packed = BytesIO()
    with ZipFile(packed, "w", how) as archive:
        archive.writestr("deals.csv", DEALS * 50)
    content = bytearray(packed.getvalue())
    at = content.index(b"deals.csv") + len(b"deals.csv")
    content[at : at + 40] = b"\xff" * 40
    draft = give(sam, ("export.zip", bytes(content)))
    (file,) = Draft.objects.get(pk=draft).seen["files"]
    assert file["unread"]
    page(sam, draft, "reading/")


@pytest.mark.parametrize("line", ["²", "٣", "9" * 5000, "9" * 30])
def test_a_line_that_is_no_number_is_not_the_one_of_the_labels(sam: Client, line: str) -> None:
    draft = give(sam, ("deals.csv", DEALS))
    said = {"file": "deals.csv", "header": line}
    assert sam.post(f"/imports/{draft}/reading/", said).status_code == 404


def test_outsiders_find_nothing_and_send_nothing(sam: Client, cast: Cast) -> None:
    draft = give(sam, ("deals.csv", DEALS))
    for person in (cast.ivo, cast.kenji):
        client = reader(person)
        assert client.get("/imports/").status_code == 404
        assert client.post("/imports/", {}).status_code == 404
        for step in ("", "reading/", "columns/", "people/", "test/", "end/", "rejected/", "undo/"):
            assert client.get(f"/imports/{draft}/{step}").status_code == 404
            if step not in ("", "rejected/"):
                assert client.post(f"/imports/{draft}/{step}").status_code == 404
    assert Draft.objects.count() == 1


def test_a_column_left_out_is_not_kept_and_a_note_is(sam: Client) -> None:
    text = "Opportunity ID,Account,Shoe size,Secret\nO1,Alfa,44,xyzzy\n"
    draft = give(sam, ("deals.csv", text))
    go(sam, draft, "columns", source="crm", **{"column-0-2": "", "column-0-3": "-"})
    work(draft)
    go(sam, draft, "test")
    work(draft)
    assert Record.objects.get(key="O1").fields == {"Shoe size": "44"}


def test_an_import_is_taken_back_on_its_page(sam: Client) -> None:
    draft = give(sam, ("deals.csv", DEALS))
    go(sam, draft, "columns", source="crm")
    work(draft)
    go(sam, draft, "test")
    work(draft)
    assert "records that came in are closed" in page(sam, draft, "undo/")
    go(sam, draft, "undo", key="k")
    go(sam, draft, "undo", key="k")
    assert not Record.objects.filter(kind="opportunity", is_open=True).exists()
    assert "This import was taken back." in page(sam, draft)


def test_the_content_of_files_is_erased_after_some_days(sam: Client) -> None:
    draft = give(sam, ("deals.csv", DEALS))
    begun = Draft.objects.get(pk=draft).begun_at
    assert uploads.erase_old(now=begun + timedelta(days=13), days=14) == 0
    assert uploads.erase_old(now=begun + timedelta(days=15), days=14) == 1
    assert not Piece.objects.exists()
    assert "were erased" in page(sam, draft, "reading/")


def test_too_large_is_refused_before_anything_is_kept(sam: Client, settings: Any) -> None:
    settings.LEGATO_UPLOAD_MB = 0
    answer = sam.post("/imports/", {"files": [SimpleUploadedFile("deals.csv", DEALS.encode())]})
    assert answer.status_code == 409
    assert not Draft.objects.exists()


def test_pages_ask_the_database_no_more_for_more_rows(
    sam: Client, django_assert_max_num_queries: Any
) -> None:
    draft = give(sam, ("deals.csv", DEALS))
    go(sam, draft, "columns", source="crm")
    work(draft)
    for step in ("reading/", "columns/", "people/", "test/"):
        with django_assert_max_num_queries(12):
            page(sam, draft, step)


def test_nothing_is_imported_in_the_name_of_who_may_not(tmp_path: Path, cast: Cast) -> None:
    folder = write(tmp_path / "crm", {"deals.csv": DEALS})
    with pytest.raises(MayNotAdminister):
        read(folder, actor=cast.kenji)
    answer = read(folder, actor=cast.sam)
    with pytest.raises(MayNotAdminister):
        undo(importing=answer["import"], now=NOW, actor=cast.kenji, reason="")


def test_an_import_that_changes_nothing_answers_its_key_the_same_again(
    tmp_path: Path, cast: Cast
) -> None:
    folder = write(tmp_path / "crm", {"deals.csv": DEALS})
    read(folder)
    same = read(folder, days=1, key="a")
    assert same["entry"] is None
    assert read(folder, days=2, key="a") == same
    other = write(tmp_path / "other", {"deals.csv": DEALS.replace("900", "901")})
    with pytest.raises(KeyAlreadyUsed):
        read(other, days=3, key="a")
