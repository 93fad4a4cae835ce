"""Every address on one page."""

from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter
from django.views.i18n import set_language

from legato.departures import acts, audit, board, books, guide, looks, messages, rules
from legato.departures import views as departures
from legato.people import views as people
from legato.planning import views as planning
from legato.web import views as web


class Account(StringConverter):
    """The part of a letter's link before its first hyphen; the key has more of them."""

    regex = "[0-9A-Za-z]+"


register_converter(Account, "account")

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
    path("cases/<int:case_id>/plan/", board.plan_case, name="plan_case"),
    path("approvals/", planning.approvals, name="approvals"),
    path("plans/", planning.plans, name="plans"),
    path("plans/<int:plan_id>/", planning.plan, name="plan"),
    path("plans/<int:plan_id>/again/", board.plan_again, name="plan_again"),
    path("plans/<int:plan_id>/compare/<int:other_id>/", planning.compare, name="plan_compare"),
    path("plans/<int:plan_id>/units/<int:unit_id>/", planning.unit, name="plan_unit"),
    path("plans/<int:plan_id>/people/<int:receiver_id>/", planning.part, name="plan_part"),
    path("plans/<int:plan_id>/request/", planning.send, name="plan_request"),
    path("plans/<int:plan_id>/approval/", planning.approve, name="plan_approval"),
    path("plans/<int:plan_id>/rejection/", planning.reject, name="plan_rejection"),
    path("plans/<int:plan_id>/question/", planning.ask, name="plan_question"),
    path("plans/<int:plan_id>/answer/", planning.answer, name="plan_answer"),
    path("plans/<int:plan_id>/commit/", planning.commit, name="plan_commit"),
    path("plans/<int:plan_id>/mine/", planning.mine, name="plan_mine"),
    path("plans/<int:plan_id>/objection/", planning.object_to, name="plan_objection"),
    path("receipts/<int:entry_id>/", departures.receipt, name="receipt"),
    path("receipts/<int:entry_id>.csv", departures.receipt_csv, name="receipt_csv"),
    path("receipts/<int:entry_id>.json", departures.receipt_json, name="receipt_json"),
    path("receipts/<int:entry_id>/undo/", departures.undo, name="undo"),
    path("audit/", audit.audit, name="audit"),
    path("audit.csv", audit.audit_csv, name="audit_csv"),
    path("audit/verification/", audit.verify, name="verification"),
    path("messages/", messages.messages, name="messages"),
    path("messages/<int:message_id>/", messages.message, name="message"),
    path("messages/<int:message_id>.csv", messages.message_csv, name="message_csv"),
    path("messages/<int:message_id>/mail/", messages.mail_again, name="mail_again"),
    path("settings/", messages.settings, name="settings"),
    path("settings/mail/", messages.mails, name="mails"),
    path("settings/policy/", rules.policy, name="policy"),
    path("settings/policy/new/", rules.new_policy, name="new_policy"),
    path("settings/policy/<int:version>/", rules.policy_version, name="policy_version"),
    path("done/<int:entry_id>/", web.put_away, name="put_away"),
    path("help/", guide.guide, name="guide"),
    path("help/<str:topic>/", guide.guide_page, name="guide_page"),
    path("session/", people.log_in, name="log_in"),
    path("session/end/", people.log_out, name="log_out"),
    path("people/", people.log_ins, name="log_ins"),
    path("people/<int:person_id>/log-in/", people.log_in_of, name="log_in_of"),
    path("my-log-in/sessions/", people.end_sessions, name="end_sessions"),
    # The names by which allauth finds its own pages.
    path("session/", people.log_in, name="account_login"),
    path("session/end/", people.log_out, name="account_logout"),
    path("session/passkey/", people.log_in_by_passkey, name="mfa_login_webauthn"),
    path("session/code/", people.second_step, name="mfa_authenticate"),
    path("session/company/<str:provider_id>/", people.by_company, name="openid_connect_login"),
    path(
        "session/company/<str:provider_id>/back/",
        people.by_company_back,
        name="openid_connect_callback",
    ),
    path("session/forgotten/", people.password_forgotten, name="account_reset_password"),
    path("session/forgotten/sent/", people.letter_sent, name="account_reset_password_done"),
    path(
        "session/forgotten/<account:uidb36>-<str:key>/",
        people.password_anew,
        name="account_reset_password_from_key",
    ),
    path(
        "session/forgotten/done/",
        people.password_is_new,
        name="account_reset_password_from_key_done",
    ),
    path("my-log-in/", people.my_log_in, name="mfa_index"),
    path("my-log-in/", people.my_log_in, name="mfa_list_webauthn"),
    path("my-log-in/confirm/", people.confirm_by_password, name="account_reauthenticate"),
    path("my-log-in/confirm/code/", people.confirm_by_code, name="mfa_reauthenticate"),
    path(
        "my-log-in/confirm/passkey/",
        people.confirm_by_passkey,
        name="mfa_reauthenticate_webauthn",
    ),
    path("my-log-in/password/", people.change_password, name="account_change_password"),
    path("my-log-in/password/first/", people.set_password, name="account_set_password"),
    path("my-log-in/app/", people.add_app, name="mfa_activate_totp"),
    path("my-log-in/app/end/", people.remove_app, name="mfa_deactivate_totp"),
    path("my-log-in/passkeys/", people.add_passkey, name="mfa_add_webauthn"),
    path("my-log-in/passkeys/<int:pk>/end/", people.remove_passkey, name="mfa_remove_webauthn"),
    path("my-log-in/codes/", people.recovery_codes, name="mfa_view_recovery_codes"),
    path("my-log-in/codes/new/", people.new_recovery_codes, name="mfa_generate_recovery_codes"),
    path("language/", set_language, name="set_language"),
    path("assets/<str:digest>/<str:name>", web.asset, name="asset"),
    path("health/", web.health, name="health"),
]

handler400 = "legato.web.errors.bad_request"
handler403 = "legato.web.errors.forbidden"
handler404 = "legato.web.errors.not_found"
handler500 = "legato.web.errors.broken"
