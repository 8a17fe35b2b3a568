"""Addresses at which providers hand over what people wrote."""

from django.urls import URLPattern, path

from giliran.chat import kannel, ussd, whatsapp

urlpatterns: list[URLPattern] = [
    path("sms/masuk/", kannel.inbound),
    path("sms/laporan/", kannel.report),
    path("ussd/", ussd.session),
    path("whatsapp/", whatsapp.webhook),
]
