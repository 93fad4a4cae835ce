"""Every address on one page."""

from django.urls import URLPattern, path
from django.views.i18n import set_language

from legato.books import import_views as imports
from legato.departures import acts, books, looks
from legato.departures import views as departures
from legato.people import views as people
from legato.planning import views as planning
from legato.web import views as web

urlpatterns: list[URLPattern] = [
    path("", departures.today, name="today"),
    path("cases/", departures.cases, name="cases"),
    path("cases/new/", acts.open_case, name="open_case"),
    path("cases/<int:case_id>/", departures.case, name="case"),
    path("cases/<int:case_id>/protection/", acts.protect, name="protect"),
    path("cases/<int:case_id>/facts/", acts.change, name="change_case"),
    path("cases/<int:case_id>/withdrawal/", acts.withdraw, name="withdraw_case"),
    path("cases/<int:case_id>/closing/", acts.close, name="close_case"),
    path("cases/<int:case_id>/signatures/", acts.sign, name="sign_rest"),
    path("cases/<int:case_id>/file/", acts.give_file, name="case_file"),
    path("cases/<int:case_id>/note/", acts.tell_team, name="team_note"),
    path("cases/<int:case_id>/book/", books.of_case, name="case_book"),
    path("book/", books.own, name="book"),
    path("book/views/new/", looks.new_look, name="new_look"),
    path("book/views/<int:look_id>/", looks.look, name="look"),
    path("book/give/", books.give, name="give"),
    path("plans/<int:plan_id>/", planning.plan, name="plan"),
    path("receipts/<int:entry_id>/", departures.receipt, name="receipt"),
    path("receipts/<int:entry_id>.csv", departures.receipt_csv, name="receipt_csv"),
    path("receipts/<int:entry_id>.json", departures.receipt_json, name="receipt_json"),
    path("receipts/<int:entry_id>/undo/", departures.undo, name="undo"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<int:draft_id>/", imports.draft, name="import_draft"),
    path("imports/<int:draft_id>/reading/", imports.reading, name="import_reading"),
    path("imports/<int:draft_id>/columns/", imports.columns, name="import_columns"),
    path("imports/<int:draft_id>/people/", imports.people, name="import_people"),
    path("imports/<int:draft_id>/test/", imports.test, name="import_test"),
    path("imports/<int:draft_id>/pause/", imports.pause, name="import_pause"),
    path("imports/<int:draft_id>/resumption/", imports.resume, name="import_resume"),
    path("imports/<int:draft_id>/end/", imports.give_up, name="import_give_up"),
    path("imports/<int:draft_id>/rejected/", imports.broken, name="import_broken"),
    path("imports/<int:draft_id>/undo/", imports.undo, name="import_undo"),
    path("done/<int:entry_id>/", web.put_away, name="put_away"),
    path("session/", people.log_in, name="log_in"),
    path("session/end/", people.log_out, name="log_out"),
    path("language/", set_language, name="set_language"),
    path("assets/<str:digest>/<str:name>", web.asset, name="asset"),
    path("health/", web.health, name="health"),
]

handler400 = "legato.web.errors.bad_request"
handler403 = "legato.web.errors.forbidden"
handler404 = "legato.web.errors.not_found"
handler500 = "legato.web.errors.broken"
