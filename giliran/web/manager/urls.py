"""Addresses of these screens."""

from django.urls import path

from giliran.web.manager import drawing, ending, numbers, past, region, today, what_if

urlpatterns = [
    path("", region.offices_now, name="manager_offices"),
    path("wilayah/<slug:slug>/undian/", drawing.region_draws, name="region_draws"),
    path("wilayah/<slug:slug>/mencurigakan/", drawing.suspicious, name="suspicious"),
    path("<slug:slug>/", today.manager, name="manager"),
    path("<slug:slug>/akhiri/", ending.end_day, name="manager_end_day"),
    path("<slug:slug>/angka/", numbers.day_in_figures, name="manager_figures"),
    path("<slug:slug>/riwayat/", past.history, name="manager_history"),
    path("<slug:slug>/bagaimana-jika/", what_if.what_if, name="manager_what_if"),
]
