"""Addresses of reviews and alarms."""

from django.urls import path

from giliran.web.manager import alarms

urlpatterns = [
    path("peringatan/", alarms.all_alarms, name="all_alarms"),
    path("wilayah/<slug:slug>/peringatan/", alarms.region_alarms, name="region_alarms"),
    path("<slug:slug>/peringatan/", alarms.office_alarms, name="office_alarms"),
    path("<slug:slug>/peringatan/spanduk/", alarms.banner, name="alarm_banner"),
]
