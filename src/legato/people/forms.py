"""The forms around the log-in: allauth's, with labels in place of placeholders, in our words."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from legato.people import log_ins
from legato.people.letting_in import why_not


class Labelled(forms.Form):
    """Labels that stay; what allauth writes into and below the fields is left out."""

    labels: dict[str, Any] = {}

    def __init__(self, *given: Any, **how: Any) -> None:
        super().__init__(*given, **how)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.help_text = ""
            field.label = self.labels.get(name, field.label)


CODE = _("Code from your app, or a recovery code")
PASSWORDS = {
    "oldpassword": _("Your password now"),
    "password": _("Password"),
    "password1": _("New password"),
    "password2": _("New password once more"),
}


class LogInForm(Labelled, account.LoginForm):
    labels = PASSWORDS | {"login": _("User name")}

    def add_prefix(self, field_name: str) -> str:
        """Browsers and password managers know the field by this name."""
        return super().add_prefix("username" if field_name == "login" else field_name)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.user and (why := why_not(self.user)):
            raise ValidationError(why, code="not_let_in")
        return cleaned


class ChangePassword(Labelled, account.ChangePasswordForm):
    labels = PASSWORDS


class SetPassword(Labelled, account.SetPasswordForm):
    labels = PASSWORDS


class NewPassword(Labelled, account.ResetPasswordKeyForm):
    labels = PASSWORDS


class ConfirmByPassword(Labelled, account.ReauthenticateForm):
    labels = PASSWORDS


class ForgottenPassword(Labelled, account.ResetPasswordForm):
    labels = {"email": _("E-mail address")}

    def clean_email(self) -> str:
        """Whether anybody has the address is told to nobody but its owner."""
        email: str = self.cleaned_data["email"].lower()
        self.users = log_ins.accounts_with_email(email=email)
        return email


class Code(Labelled, mfa.AuthenticateForm):
    labels = {"code": CODE}


class ConfirmByCode(Labelled, mfa.ReauthenticateForm):
    labels = {"code": CODE}


class AddApp(Labelled, ActivateTOTPForm):
    labels = {"code": _("The six digits your app shows now")}


class AddPasskey(Labelled, AddWebAuthnForm):
    labels = {
        "name": _("What you call it"),
        "passwordless": _("Log in with it alone, without the password"),
    }

    def __init__(self, *given: Any, **how: Any) -> None:
        super().__init__(*given, **how)
        self.fields["passwordless"].initial = True
