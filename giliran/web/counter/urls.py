"""Addresses of the staff's screens."""

from django.urls import path

from giliran.web.counter import (
    applying,
    assisting,
    booking,
    claims,
    claims_documents,
    claims_file,
    claims_intake,
    claims_receipt,
    complaint_new,
    complaints,
    complaints_file,
    complaints_photos,
    desk,
    door,
    entry,
    hotline,
    inbox,
    leave,
    merging,
    reached,
    rights,
    roster,
    telling,
)

urlpatterns = [
    path("", entry.home, name="staff_home"),
    path("masuk/", entry.log_in, name="staff_login"),
    path("keluar/", entry.log_out, name="staff_logout"),
    path("jadwal/", roster.own_roster, name="own_roster"),
    path("hak/", rights.rights, name="staff_rights"),
    path("hak/perubahan/", rights.changes, name="staff_rights_changes"),
    path("kabar/", reached.reached, name="reached"),
    path("cuti/", leave.own_leave, name="own_leave"),
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
    path("klaim/baru/", claims_intake.anywhere, name="claim_intake_anywhere"),
    path("<slug:slug>/klaim/", claims.work, name="claim_work"),
    path("<slug:slug>/klaim/baru/", claims_intake.intake, name="claim_intake"),
    path("<slug:slug>/klaim/<str:code>/", claims_file.file, name="claim_file"),
    path(
        "<slug:slug>/klaim/<str:code>/giliran/", claims_receipt.book_turn, name="staff_claim_turn"
    ),
    path("<slug:slug>/klaim/<str:code>/selesai/", claims_documents.hand_in, name="claim_hand_in"),
    path(
        "<slug:slug>/klaim/<str:code>/tanda-terima/", claims_receipt.receipt, name="claim_receipt"
    ),
    path(
        "<slug:slug>/klaim/<str:code>/berkas/<int:paper_id>/potongan/",
        claims_documents.piece,
        name="claim_piece",
    ),
    path(
        "<slug:slug>/klaim/<str:code>/dokumen/<int:document_id>/",
        claims_documents.document,
        name="claim_document",
    ),
    path("<slug:slug>/aduan/baru/", complaint_new.take, name="staff_complain"),
    path(
        "<slug:slug>/aduan/<str:code>/tanda-terima/",
        complaint_new.receipt,
        name="staff_complaint_receipt",
    ),
    path("<slug:slug>/aduan/", complaints.work, name="complaint_work"),
    path("aduan/<str:code>/", complaints_file.file, name="complaint_file"),
    path(
        "aduan/<str:code>/foto/<int:attachment_id>/",
        complaints_photos.photo,
        name="complaint_file_photo",
    ),
    path("<slug:slug>/data/", merging.desk, name="merging"),
    path("<slug:slug>/data/cari/", merging.find, name="merging_find"),
    path("<slug:slug>/data/<int:match_id>/", merging.pair, name="merging_pair"),
    path("<slug:slug>/data/<int:match_id>/surat/", merging.letter, name="merging_letter"),
]
