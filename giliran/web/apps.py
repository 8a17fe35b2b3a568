from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "giliran.web"
    label = "web"
