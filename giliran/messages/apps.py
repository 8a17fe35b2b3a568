from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "giliran.messages"
    label = "giliran_messages"  # Django's own flash messages are called messages
