"""The file of a case: forty lines of Python verify it, and see whatever was changed."""

import json
import runpy
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests import example

from legato.cli import run
from legato.departures.models import Case
from legato.departures.operations import cover, open_case
from legato.departures.operations.exporting import ExportOutOfDate, MayNotExport, export
from legato.domain.departure import Announcement
from legato.domain.errors import NotFound
from legato.ledger import queries as ledger
from legato.ledger.models import Entry
from legato.ledger.operations import KeyAlreadyUsed
from legato.people.models import Person
from legato.planning import operations as planning
from legato.postgres.addresses import Addresses

VERIFY = Path(__file__).parents[2] / "docs" / "verify_case.py"
LATER = example.NOW + timedelta(hours=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Olga's book was covered, planned, given away and taken back."""

    cast: example.Cast
    case: int
    commit: int


@pytest.fixture
def story(fresh_database: Addresses) -> Story:
    cast = example.company()
    for number in range(3):
        account = example.record(owner=cast.olga, name=f"Acme {number}").pk
        example.record(owner=cast.olga, kind="contact", account=account, name="Jane Private")
        example.record(owner=cast.olga, kind="opportunity", account=account, value=1000)
    by: dict[str, Any] = {"now": example.NOW, "reason": "Уходит 退職"}
    announced = Announcement(kind="resignation", last_day=date(2026, 4, 30))
    case = open_case(person_id=cast.olga, announced=announced, actor=cast.mei, **by).case
    until = example.NOW + timedelta(days=9)
    cover(case_id=case, by=cast.mei, until=until, actor=cast.mei, **by)
    made = planning.propose(
        books=[Case.objects.get(pk=case).book_id],
        chain=f"case:{case}",
        options=planning.Options(),
        actor=cast.sam,
        **by,
    )
    planning.approve(plan_id=made.plan, approver=cast.mei, **by)
    done = planning.commit(plan_id=made.plan, digest=made.digest, actor=cast.sam, **by)
    later = {**by, "now": example.NOW + timedelta(hours=1)}
    planning.undo(entry_id=done.commit, actor=cast.mei, **later)
    return Story(cast=cast, case=case, commit=done.commit)


def exported(story: Story, **changed: Any) -> bytes:
    by: dict[str, Any] = {"actor": story.cast.mei, "now": LATER, "reason": "Asked for"} | changed
    return export(case_id=story.case, **by)[1]


def judged(content: bytes, monkeypatch: pytest.MonkeyPatch, file: Path) -> str:
    """What the forty lines say; empty where they find it sound."""
    file.write_bytes(content)
    monkeypatch.setattr(sys, "argv", ["verify_case.py", str(file)])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(VERIFY), run_name="__main__")
    return str(ended.value.code or "")


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
class TestForty:
    def test_a_changed_byte_in_any_line_is_objected_to_by_name(
        self, story: Story, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        content = exported(story)
        assert judged(content, monkeypatch, tmp_path / "case.jsonl") == ""
        lines = content.splitlines(keepends=True)
        for place, line in enumerate(lines):
            step = max(1, len(line) // 25)
            for position in range(0, len(line) - 1, step):
                other = line[:position] + bytes([line[position] ^ 1]) + line[position + 1 :]
                changed = b"".join([*lines[:place], other, *lines[place + 1 :]])
                said = judged(changed, monkeypatch, tmp_path / "case.jsonl")
                assert said, (place, position, line)
                assert "entry" in said or "seal" in said or "line" in said

    def test_a_line_that_was_removed_is_missed(
        self, story: Story, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        lines = exported(story).splitlines(keepends=True)
        for place in range(len(lines)):
            rest = b"".join(lines[:place] + lines[place + 1 :])
            assert judged(rest, monkeypatch, tmp_path / "case.jsonl"), lines[place]

    def test_the_objection_names_the_entry(
        self, story: Story, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        changed = exported(story).replace("退職".encode(), "解雇".encode(), 1)
        said = judged(changed, monkeypatch, tmp_path / "case.jsonl")
        first = Entry.objects.filter(chain=f"case:{story.case}").earliest("number")
        assert f"case:{story.case} 1 (entry {first.pk}) was changed" in said

    def test_a_row_of_a_receipt_names_its_entry(
        self, story: Story, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        lines = exported(story).splitlines(keepends=True)
        row = next(
            line for line in lines
            if json.loads(line)["line"] == "receipt"
            and json.loads(line)["entry"] == str(story.commit)
        )  # fmt: skip
        rest = b"".join(line for line in lines if line != row)
        said = judged(rest, monkeypatch, tmp_path / "case.jsonl")
        assert f"(entry {story.commit}): its seal or the rows of its receipt" in said


def test_a_stranger_verifies_it_in_an_empty_folder(story: Story, tmp_path: Path) -> None:
    shutil.copy(VERIFY, tmp_path)
    (tmp_path / "case.jsonl").write_bytes(exported(story))
    done = subprocess.run(
        [sys.executable, "-I", "verify_case.py", "case.jsonl"],
        cwd=tmp_path, env={}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    last = ledger.state()
    assert f"seal {last.last_seal}" in done.stdout
    assert str(last.last_sha256) in done.stdout


def test_the_program_is_forty_lines_at_most_of_the_standard_library() -> None:
    source = VERIFY.read_text()
    assert len(source.splitlines()) <= 40
    imports = {line for line in source.splitlines() if line.startswith(("import", "from"))}
    assert imports == {"import json", "import sys", "from hashlib import sha256"}


def test_the_export_is_an_entry_that_vouches_for_what_was_given(story: Story) -> None:
    made, _content = export(case_id=story.case, actor=story.cast.sam, now=LATER, reason="Asked for")
    entry = Entry.objects.get(pk=made.export)
    assert (entry.kind, entry.actor_id) == ("case_exported", story.cast.sam)
    assert entry.facts == {"sha256": made.sha256, "lines": made.lines}
    assert ledger.verify()[0].count == 0


def test_people_and_records_have_names_but_contacts_do_not(story: Story) -> None:
    text = exported(story).decode()
    assert "Olga Petrova" in text
    assert "Acme 1" in text
    assert "Jane Private" not in text


def test_who_may_see_the_case_and_is_no_administrator_may_export(story: Story) -> None:
    admin = example.person(name="Root Admin", role="administrator")
    with pytest.raises(MayNotExport):
        exported(story, actor=admin)
    for actor in (story.cast.olga, story.cast.ivo):
        with pytest.raises(NotFound):
            exported(story, actor=actor)
    assert not Entry.objects.filter(kind="case_exported").exists()


def test_the_same_key_gives_the_same_file_and_one_entry(story: Story) -> None:
    assert exported(story, key="k") == exported(story, key="k")
    assert Entry.objects.filter(kind="case_exported").count() == 1
    with pytest.raises(KeyAlreadyUsed):
        exported(story, key="k", actor=story.cast.sam)


def test_the_same_key_after_a_name_changed_is_refused(story: Story) -> None:
    exported(story, key="k")
    Person.objects.filter(pk=story.cast.kenji).update(name="Kenji Satou")
    with pytest.raises(ExportOutOfDate):
        exported(story, key="k")


def test_the_command_writes_lines_and_a_page_in_the_readers_language(
    story: Story, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = tmp_path / "out"
    assert run(["case", "export", str(story.case), str(there), "--as", "Mei Lin", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    page = Path(said["page"]).read_text(encoding="utf-8")
    assert Path(said["file"]).name == f"case-{story.case}.jsonl"
    for shown in ("Olga Petrova", "Acme 1", "Kenji Sato", "退職", "Case file given out"):
        assert shown in page
    assert "Jane Private" not in page
    assert "http" not in page
    assert Path(said["anchors"]).exists()


def test_a_place_that_cannot_be_written_records_nothing(story: Story, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    place = str(tmp_path / "file" / "below")
    assert run(["case", "export", str(story.case), place, "--as", "Mei Lin"]) == 3
    assert not Entry.objects.filter(kind="case_exported").exists()
