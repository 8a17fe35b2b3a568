"""Addresses of the public JSON."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
