from django.apps import AppConfig


class OfficesConfig(AppConfig):
    name = "giliran.offices"
    label = "offices"
