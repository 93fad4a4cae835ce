from django.apps import AppConfig


class DeparturesConfig(AppConfig):
    name = "legato.departures"
    label = "departures"
