from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "giliran.figures"
    label = "figures"
