from django.apps import AppConfig


class TurnsConfig(AppConfig):
    name = "giliran.turns"
    label = "turns"
