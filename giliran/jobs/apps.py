from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "giliran.jobs"
    label = "jobs"
