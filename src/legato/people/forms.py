"""The log-in of a local account: only for people who are employed here."""

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from legato.domain.errors import NotFound
from legato.people.queries import person_of_user


class LogInForm(AuthenticationForm):
    def confirm_login_allowed(self, user: User) -> None:
        super().confirm_login_allowed(user)
        try:
            person_of_user(user_id=user.pk)
        except NotFound as refused:
            said = _("Nobody who works here has this account. Ask whoever runs Legato.")
            raise ValidationError(said, code="not_employed") from refused
