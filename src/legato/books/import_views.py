"""The pages of an import, step by step: a draft keeps every answer, so that a reload, the back
button or another day goes on where it was.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRefresh

from legato.books import jobs
from legato.books.importing import drafts, screens, undoing
from legato.books.importing.drafts import COLUMNS, PEOPLE, READING, RESULT, RUN, TEST
from legato.books.importing.screens import DraftPage
from legato.books.importing.uploads import PIECE, Given
from legato.books.tongues import tongues
from legato.connectors.files import CODECS, SEPARATORS
from legato.domain.columns import FIELDS
from legato.domain.kinds import KINDS
from legato.people.queries import Someone
from legato.people.views import act, page
from legato.web.acting import Done, done, key_of
from legato.web.progress import Progress
from legato.web.wording import sentences


def _imports(request: HttpRequest, viewer: Someone) -> HttpResponse:
    lines = screens.overview(viewer)
    shown = {
        "viewer": viewer,
        "lines": lines,
        "limit": settings.LEGATO_UPLOAD_MB,
        "days": settings.LEGATO_UPLOAD_DAYS,
        "tongues": tongues(people={line.by for line in lines}),
    }
    return render(request, "books/imports.html", shown)


@act(shows=_imports)
def imports(request: HttpRequest, viewer: Someone) -> HttpResponse:
    screens.check_sees_imports(viewer)
    given = [
        Given(name=file.name or "", size=file.size or 0, content=file.chunks(PIECE))
        for file in request.FILES.getlist("files")
    ]
    draft = drafts.begin(
        files=given, limit=settings.LEGATO_UPLOAD_MB, actor=viewer.id, now=timezone.now()
    )
    return _to("import_reading", draft)


@page
def draft(request: HttpRequest, viewer: Someone, draft_id: int) -> HttpResponse:
    """Wherever it stands; where its job has come to an end, the page that then follows."""
    found = screens.draft_page(viewer, draft=draft_id)
    if request.htmx and not found.is_running:  # type: ignore[attr-defined]
        return HttpResponseClientRefresh()
    shows = {
        READING: _reading,
        COLUMNS: _columns,
        PEOPLE: _people,
        TEST: _test,
        RUN: _run,
        RESULT: _result,
    }
    return shows[found.step](request, viewer, draft_id)


def _reading(request: HttpRequest, viewer: Someone, draft_id: int) -> HttpResponse:
    found = screens.draft_page(viewer, draft=draft_id)
    more = {"codecs": CODECS, "separators": SEPARATORS}
    return _step(request, viewer, found, READING, "books/import_reading.html", **more)


@act(shows=_reading)
def reading(request: HttpRequest, viewer: Someone, draft_id: int) -> HttpResponse:
    screens.draft_page(viewer, draft=draft_id)
    said = request.POST.get("read", "") or f"header:{request.POST.get('header', '')}"
    what, _between, value = said.partition(":")
    if what == "dates":
        column, _between, value = value.rpartition(":")
        what = f"dates:{column}"
    drafts.read_as(
        draft=draft_id, file=request.POST.get("file", ""), what=what, value=value, actor=viewer.id
    )
    return _to("import_reading", draft_id)


def _columns(request: HttpRequest, viewer: Someone, draft_id: int) -> HttpResponse:
    found = screens.draft_page(viewer, draft=draft_id)
    parts = [
        {
            "file": file,
            "part": part,
            "choices": ["", "-", *FIELDS.get(part["kind"], ())],
            "said": found.said.get("parts", {}).get(part["key"], {}),
        }
        for file, part in screens.parts_of(found)
    ]
    more = {"parts": parts, "kinds": KINDS}
    return _step(request, viewer, found, COLUMNS, "books/import_columns.html", **more)


@act(shows=_columns)
def columns(request: HttpRequest, viewer: Someone, draft_id: int) -> HttpResponse:
    found = screens.draft_page(viewer, draft=draft_id)
    parts = {
        part["key"]: {
            "kind": request.POST.get(f"kind-{number}", part["kind"]),
            "columns": {
                column["header"]: request.POST.get(f"column-{number}-{at}", column["field"])
                for at, column in enumerate(part["columns"])
            },
        }
        for number, (_file, part) in enumerate(screens.parts_of(found))
    }
    source = request.POST.get("source", found.source)[:60]
    is_to_be_seen = drafts.map_columns(
        draft=draft_id, source=source, parts=parts, actor=viewer.id, now=timezone.now()
    )
    if is_to_be_seen or "again" in request.POST:
        return _to("import_columns", draft_id)
    return _started(draft_id, viewer, wants="test")


def _people(request: HttpRequest, viewer: Someone, draft_id: int) -> HttpResponse:
    found, owners, everybody = screens.owners_page(viewer, draft=draft_id)
    more = {
        "owners": owners,
        "everybody": everybody,
        "tongues": tongues(people={name for _pk, name in everybody[:2000]}),
    }
    return _step(request, viewer, found, PEOPLE, "books/import_people.html", **more)


@act(shows=_people)
def people(request: HttpRequest, viewer: Someone, draft_id: int) -> HttpResponse:
    _found, owners, _everybody = screens.owners_page(viewer, draft=draft_id)
    chosen = {
        each.said: request.POST.get(f"owner-{number}", each.chosen)
        for number, each in enumerate(owners)
    }
    drafts.choose_people(draft=draft_id, owners=chosen, actor=viewer.id, now=timezone.now())
    return _started(draft_id, viewer, wants="test")


def _test(request: HttpRequest, viewer: Someone, draft_id: int) -> HttpResponse:
    found = screens.draft_page(viewer, draft=draft_id)
    more = {"counts": _counts(found.test), "tested": drafts.digest_of(found.test)}
    return _step(request, viewer, found, TEST, "books/import_test.html", **more)


@act(shows=_test)
def test(request: HttpRequest, viewer: Someone, draft_id: int) -> HttpResponse:
    found = screens.draft_page(viewer, draft=draft_id)
    if found.state == "done":  # The form was sent twice.
        return _to("import_draft", draft_id)
    said = {name: request.POST.get(name, "")[:500] for name in ("reason", "tested")}
    return _started(draft_id, viewer, wants="import", **said)


def _started(draft_id: int, viewer: Someone, *, wants: str, **said: str) -> HttpResponse:
    drafts.start(
        draft=draft_id,
        wants=wants,
        language=get_language() or "en",
        actor=viewer.id,
        later=jobs.later,
        **said,
    )
    return _to("import_draft", draft_id)


def _run(request: HttpRequest, viewer: Someone, draft_id: int) -> HttpResponse:
    found = screens.draft_page(viewer, draft=draft_id)
    more = {"progress": _progress(found), "refused": _said(found.refusal)}
    here = TEST if found.wants == "test" else RUN
    return _step(request, viewer, found, here, "books/import_run.html", **more)


@act(shows=_run)
def pause(request: HttpRequest, viewer: Someone, draft_id: int) -> HttpResponse:
    screens.draft_page(viewer, draft=draft_id)
    drafts.pause(draft=draft_id, actor=viewer.id)
    return _to("import_draft", draft_id)


@act(shows=_run)
def resume(request: HttpRequest, viewer: Someone, draft_id: int) -> HttpResponse:
    screens.draft_page(viewer, draft=draft_id)
    drafts.resume(draft=draft_id, actor=viewer.id, later=jobs.later)
    return _to("import_draft", draft_id)


@act(shows=_run)
def give_up(request: HttpRequest, viewer: Someone, draft_id: int) -> HttpResponse:
    screens.draft_page(viewer, draft=draft_id)
    drafts.give_up(draft=draft_id, actor=viewer.id, now=timezone.now())
    return _to("imports")


def _result(request: HttpRequest, viewer: Someone, draft_id: int) -> HttpResponse:
    found, holders = screens.result_page(viewer, draft=draft_id)
    more = {
        "counts": _counts(found.result),
        "days": settings.LEGATO_UPLOAD_DAYS,
        "holders": holders,
    }
    return _step(request, viewer, found, RESULT, "books/import_result.html", **more)


@page
def broken(request: HttpRequest, viewer: Someone, draft_id: int) -> HttpResponse:
    name, content = screens.broken_rows(viewer, draft=draft_id)
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    return answer


def _undo(request: HttpRequest, viewer: Someone, draft_id: int) -> HttpResponse:
    found, would = screens.undo_page(viewer, draft=draft_id)
    return _step(request, viewer, found, RESULT, "books/import_undo.html", would=would)


@act(shows=_undo)
def undo(request: HttpRequest, viewer: Someone, draft_id: int) -> HttpResponse:
    answer = undoing.undo(
        importing=screens.number_of(viewer, draft=draft_id),
        now=timezone.now(),
        actor=viewer.id,
        reason=request.POST.get("reason", "")[:500],
        key=key_of(request),
    )
    what = Done(
        kind="import_undone",
        entry=answer["entry"],
        moved=answer["closed"] + answer["restored"],
    )
    return done(request, what, to=reverse("import_draft", args=[draft_id]))


def _step(
    request: HttpRequest,
    viewer: Someone,
    found: DraftPage,
    here: int,
    template: str,
    **more: Any,
) -> HttpResponse:
    shown = {"viewer": viewer, "draft": found, "steps": _steps(found, here), **more}
    return render(request, template, shown)


def _steps(found: DraftPage, here: int) -> list[dict[str, Any]]:
    names = (
        (1, _("File"), "imports"),
        (READING, _("How it reads"), "import_reading"),
        (COLUMNS, _("Columns"), "import_columns"),
        (PEOPLE, _("People"), "import_people"),
        (TEST, pgettext("of an import", "Test"), "import_test"),
        (RUN, pgettext("of an import", "Import"), "import_draft"),
        (RESULT, _("Result"), "import_draft"),
    )
    is_open = found.state in drafts.OPEN
    return [
        {
            "number": number,
            "name": name,
            "is_here": number == here,
            "address": reverse(to, args=[found.id])
            if is_open and 1 < number < RUN and number <= max(found.reached, COLUMNS)
            else "",
        }
        for number, name, to in names
    ]


def _progress(found: DraftPage) -> Progress:
    is_test = found.wants == "test"
    is_writing = found.state == "writing"
    return Progress(
        what=_("The test reads the rows") if is_test else _("The import reads the rows"),
        done=found.rows_done,
        total=None if found.state == "waiting" and not found.rows_done else found.rows_total,
        started_at=found.started_at,
        seen_at=timezone.now(),
        is_running=found.is_running,
        note=_note(found.state, is_test=is_test) if not is_writing else _writing(is_test=is_test),
    )


def _note(state: str, *, is_test: bool) -> str:
    if state == "waiting":
        return _("It waits for its turn; imports are done one after the other.")
    if state == "paused":
        return _("Paused. What has been read stays read; nothing was written.")
    return _("Until all rows are read nothing is written.") if not is_test else ""


def _writing(*, is_test: bool) -> str:
    if is_test:
        return _("All rows are read. They are compared with what is known; nothing is written.")
    return _("All rows are read. They are now written all at once, which cannot be paused.")


def _said(refusal: dict[str, Any]) -> str:
    """The sentence of why the job could not do it."""
    if not refusal:
        return ""
    said: str = sentences()[refusal["code"]] % refusal["facts"]
    return said


def _counts(answer: dict[str, Any]) -> list[tuple[str, dict[str, int]]]:
    """The kinds of which there is anything."""
    counts = answer.get("counts", {}).items()
    return [(kind, numbers) for kind, numbers in counts if any(numbers.values())]


def _to(name: str, *parts: int) -> HttpResponse:
    answer = HttpResponseRedirect(reverse(name, args=parts))
    answer.status_code = 303
    return answer
