from django.apps import AppConfig


class CapacityConfig(AppConfig):
    name = "giliran.capacity"
    label = "capacity"
