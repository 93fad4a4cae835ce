from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "legato.web"
    label = "web"
