"""Addresses of these screens."""

from django.urls import URLPattern, path

from giliran.web.public import draws, files

urlpatterns: list[URLPattern] = [
    path("", draws.how_it_works, name="draws"),
    path("hitung-ulang.py", files.recount_script, name="recount_script"),
    path("<slug:region>/", draws.draws_of_region, name="draws_of_region"),
    path("<slug:region>/<int:serial>/", draws.one_draw, name="draw"),
    path("<slug:region>/<int:serial>/berkas.json", files.draw_file, name="draw_file"),
]
