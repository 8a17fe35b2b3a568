from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "giliran.journal"
    label = "journal"
