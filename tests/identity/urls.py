"""The addresses of the tests' identity provider."""

from django.contrib.auth import login
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def become(request: HttpRequest, name: str) -> HttpResponse:
    """The one who asks is that person from now on."""
    login(request, User.objects.get(username=name))
    return HttpResponse("ok")


urlpatterns = [
    path("as/<str:name>", become),
    path("session/", become, name="account_login"),
    path("", include("allauth.idp.urls")),
]
