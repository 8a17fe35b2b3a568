"""Addresses of the staff's screens."""

from django.urls import path

from giliran.web.counter import (
    applying,
    assisting,
    booking,
    desk,
    door,
    entry,
    hotline,
    inbox,
    merging,
    rights,
    telling,
)

urlpatterns = [
    path("", entry.home, name="staff_home"),
    path("masuk/", entry.log_in, name="staff_login"),
    path("keluar/", entry.log_out, name="staff_logout"),
    path("hak/", rights.rights, name="staff_rights"),
    path("hak/perubahan/", rights.changes, name="staff_rights_changes"),
    path("<slug:slug>/loket/", desk.desk, name="desk"),
    path("<slug:slug>/pintu/", door.door, name="door"),
    path("<slug:slug>/pintu/janji/", booking.book_for_somebody, name="door_book"),
    path("<slug:slug>/pintu/permohonan/", applying.apply_for_somebody, name="door_apply"),
    path("<slug:slug>/pintu/kabar/", telling.tell, name="door_tell"),
    path("<slug:slug>/telepon/", hotline.hotline, name="hotline"),
    path("<slug:slug>/percakapan/", inbox.inbox, name="inbox"),
    path("<slug:slug>/percakapan/<int:handover_id>/", inbox.one, name="inbox_one"),
    path(
        "<slug:slug>/percakapan/<int:handover_id>/berkas/<int:document_id>/",
        inbox.file,
        name="inbox_file",
    ),
    path("<slug:slug>/percakapan/bantu/", assisting.assist, name="assist"),
    path("<slug:slug>/percakapan/bantu/<str:key>/", assisting.assisted, name="assisted"),
    path("<slug:slug>/percakapan/bantu/<str:key>/kertas/", assisting.paper, name="assisted_paper"),
    path("<slug:slug>/data/", merging.desk, name="merging"),
    path("<slug:slug>/data/cari/", merging.find, name="merging_find"),
    path("<slug:slug>/data/<int:match_id>/", merging.pair, name="merging_pair"),
    path("<slug:slug>/data/<int:match_id>/surat/", merging.letter, name="merging_letter"),
]
