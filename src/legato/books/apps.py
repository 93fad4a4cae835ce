from django.apps import AppConfig


class BooksConfig(AppConfig):
    name = "legato.books"
    label = "books"
