"""Addresses of these screens."""

from django.urls import URLPattern, path

from giliran.web.citizen import (
    application,
    application_change,
    applying,
    asking,
    kept,
    places,
    reminders,
    rights,
    travel,
    turn,
)

urlpatterns: list[URLPattern] = [
    path("", places.home, name="home"),
    path("ambil/", asking.ask_service, name="ask_service"),
    path("ambil/<slug:service>/", asking.ask_office, name="ask_office"),
    path("ambil/<slug:service>/<slug:office>/", asking.ask_window, name="ask_window"),
    path("ambil/<slug:service>/<slug:office>/<int:offer_id>/", asking.ask_who, name="ask_who"),
    path("ajukan/", applying.apply_service, name="apply_service"),
    path("ajukan/<slug:service>/", applying.apply, name="apply"),
    path("p/<str:code>/", application.application_page, name="application"),
    path("p/<str:code>/ubah/", application_change.application_change, name="application_change"),
    path("p/<str:code>/tarik/", application.application_withdraw, name="application_withdraw"),
    path("p/<str:code>/tidak-cocok/", application.application_decline, name="application_decline"),
    path("p/<str:code>/bersama/", application.application_together, name="application_together"),
    path(
        "p/<str:code>/bukti/<int:serial>/",
        application.application_proof,
        name="application_proof",
    ),
    path("g/<str:code>/", turn.turn_page, name="turn"),
    path("g/<str:code>/pindah/", turn.turn_move, name="turn_move"),
    path("g/<str:code>/batal/", turn.turn_cancel, name="turn_cancel"),
    path("g/<str:code>/perjalanan/", travel.turn_travel, name="turn_travel"),
    path("g/<str:code>/giliran.ics", turn.turn_calendar, name="turn_calendar"),
    path("g/<str:code>/pengingat/", reminders.turn_reminders, name="turn_reminders"),
    path("p/<str:code>/pengingat/", reminders.application_reminders, name="application_reminders"),
    path("cari/", turn.find_turn, name="find_turn"),
    path("hak/", rights.rights, name="rights"),
    path("hak/<slug:program>/", rights.rights_program, name="rights_program"),
    path("kantor/", places.office_list, name="offices"),
    path("kantor/<slug:slug>/", places.office_page, name="office_page"),
    path("kantor/<slug:slug>/janji/", kept.kept_page, name="office_kept"),
    path("kantor/<slug:slug>/janji.csv", kept.kept_file, name="office_kept_file"),
]
