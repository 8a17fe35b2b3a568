"""Addresses of the public JSON."""

from django.urls import path, re_path

from giliran.api import applications, citizen, complaints, staff
from giliran.api.exchange import by_method

urlpatterns = [
    path("clock", by_method(get=citizen.show_clock, post=staff.set_clock)),
    path("session", by_method(post=staff.log_in, delete=staff.log_out)),
    path("offices", citizen.list_offices),
    path("offices/<slug:slug>", citizen.show_office),
    path("offices/<slug:slug>/windows", citizen.list_windows),
    path("offices/<slug:slug>/tickets", citizen.take_number),
    path("offices/<slug:slug>/line", staff.show_line),
    path("turns", citizen.book),
    path("turns/<str:code>", citizen.show_turn),
    path("turns/<str:code>/move", citizen.move),
    path("turns/<str:code>/cancel", citizen.cancel),
    path("turns/<str:code>/leave", citizen.leave),
    path("turns/<str:code>/check-in", citizen.check_in),
    path("applications", applications.apply),
    path("applications/<str:code>", applications.show),
    path("applications/<str:code>/change", applications.change),
    path("applications/<str:code>/withdraw", applications.withdraw),
    path("applications/<str:code>/decline", applications.decline),
    path("applications/<str:code>/proofs/<int:serial>", applications.show_proof),
    path("complaints", complaints.complain),
    path("complaints/<str:code>", complaints.show),
    path("complaints/<str:code>/add", complaints.add),
    path("complaints/<str:code>/dispute", complaints.dispute),
    path("complaints/<str:code>/confirm", complaints.confirm),
    path("complaints/<str:code>/withdraw", complaints.withdraw),
    path("regions", applications.list_regions),
    path("regions/<slug:slug>", applications.show_region),
    path("regions/<slug:slug>/draws", applications.list_draws),
    path("regions/<slug:slug>/draws/<int:serial>", applications.show_draw),
    path("regions/<slug:slug>/draws/<int:serial>/file", applications.show_file),
    path("counters/<int:counter_id>/open", staff.open_counter),
    path("counters/<int:counter_id>/close", staff.close_counter),
    path("counters/<int:counter_id>/next", staff.call_next),
    path("counters/<int:counter_id>/transfer", staff.transfer),
    path("counters/<int:counter_id>/identify", staff.identify),
    re_path(
        r"^counters/(?P<counter_id>\d+)/(?P<verb>call-again|start|finish|no-show|park)$",
        staff.at_counter,
    ),
]
