from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "giliran.conversations"
    label = "conversations"
