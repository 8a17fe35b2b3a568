"""Addresses of the conversation as a page."""

from django.urls import URLPattern, path

from giliran.web.talk import views

urlpatterns: list[URLPattern] = [path("", views.talk, name="talk")]
