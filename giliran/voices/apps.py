from django.apps import AppConfig


class VoicesConfig(AppConfig):
    name = "giliran.voices"
    label = "voices"
