from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "legato.people"
    label = "people"
