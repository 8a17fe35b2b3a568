from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "giliran.people"
    label = "people"
