"""Addresses of a region's rosters and of its offices' strength."""

from django.urls import path

from giliran.web.manager import roster, strength

urlpatterns = [
    path("wilayah/<slug:slug>/jadwal/", roster.region_roster, name="region_roster"),
    path("wilayah/<slug:slug>/kekuatan/", strength.strength, name="strength"),
]
