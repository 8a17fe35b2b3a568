"""Addresses at which providers hand over what people wrote."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
