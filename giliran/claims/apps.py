from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "giliran.claims"
    label = "claims"
