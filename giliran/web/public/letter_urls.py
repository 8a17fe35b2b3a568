"""Addresses of the check of letters."""

from django.urls import URLPattern, path

from giliran.web.public import letters

urlpatterns: list[URLPattern] = [
    path("", letters.check, name="letter_check"),
    path("surat.css", letters.style, name="letter_style"),
    path("<slug:code>/", letters.checked, name="letter_checked"),
]
