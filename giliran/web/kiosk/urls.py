"""Addresses of these screens."""

from django.urls import URLPattern, path

from giliran.web.kiosk import views

urlpatterns: list[URLPattern] = [path("<slug:token>/", views.kiosk, name="kiosk")]
