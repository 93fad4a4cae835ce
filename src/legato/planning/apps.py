from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "legato.planning"
    label = "planning"
