from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "legato.ledger"
    label = "ledger"
