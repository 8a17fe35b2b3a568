"""How to try the demonstration: claims of people who don't exist, and errands of the staff."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from giliran.claims import letters
from giliran.claims import queries as claims
from giliran.people import queries as people

BIRTH = date(1985, 8, 17)
"""Of everybody here; it stands in their NIK as well."""
_NIK = "360401170885{:04d}"


class Tried(NamedTuple):
    """Somebody of the demonstration: until which state their claim has come, and what to try."""

    nik: str
    name: str
    state: str
    what: str


TRIED = (
    Tried(
        _NIK.format(1),
        "Agus Firmansyah",
        "returned",
        gettext_noop("Foto KTP-nya buram: kirim foto yang baru."),
    ),
    Tried(
        _NIK.format(2),
        "Budi Kurniawan",
        "drafted",
        gettext_noop("Belum dikirim: lengkapi dokumen dan rekening, lalu kirim."),
    ),
    Tried(
        _NIK.format(3),
        "Dedi Maulana",
        "complete",
        gettext_noop("Berkas lengkap: lihat sampai kapan uang dibayar."),
    ),
    Tried(
        _NIK.format(4),
        "Eko Setiawan",
        "bounced",
        gettext_noop("Bank menolak rekeningnya: tulis rekening lain."),
    ),
    Tried(
        _NIK.format(5),
        "Hendra Permata",
        "paid",
        gettext_noop("Sudah dibayar: unduh surat keputusan dan periksa keasliannya."),
    ),
    Tried(
        _NIK.format(6),
        "Rizal Pratama",
        "refused",
        gettext_noop("Ditolak: baca alasan dan cara keberatan di suratnya."),
    ),
)


class Errand(NamedTuple):
    """What somebody of the staff can try: the log-in, the page, and what there is to see."""

    username: str
    path: str
    what: str


STAFF_TRIED = (
    Errand(
        "kepala",
        "/kepala/serang/minggu/",
        gettext_noop("Minggu ini: jam yang kurang petugas. Geser satu giliran kerja."),
    ),
    Errand(
        "kepala",
        "/kepala/serang/cuti/",
        gettext_noop(
            "Budi minta cuti dua hari, dan Cilegon minta dipinjami petugas: lihat akibatnya, "
            "lalu putuskan."
        ),
    ),
    Errand(
        "kepala-cilegon",
        "/kepala/cilegon/cuti/",
        gettext_noop("Fajar sakit pagi ini: siapa yang terkena, dan siapa yang bisa membantu."),
    ),
    Errand(
        "wilayah",
        "/kepala/wilayah/banten/kekuatan/",
        gettext_noop("Kantor mana yang kekurangan petugas, dan mana yang lebih."),
    ),
    Errand(
        "wilayah",
        "/kepala/wilayah/banten/kapasitas/",
        gettext_noop("Periksa kapasitas satu bulan: satu kalimat, lalu cara yang membantu."),
    ),
    Errand(
        "eko",
        "/petugas/jadwal/",
        gettext_noop("Jadwal sendiri di telepon, dengan kalender; lalu minta cuti."),
    ),
)


class Row(NamedTuple):
    """A line of the page; ``letter`` is the code of the newest letter, empty if there is none."""

    code: str
    nik: str
    letter: str
    what: str


def rows() -> list[Row]:
    """Return what can be tried with the demonstration's data as they are now."""
    found = []
    for one in TRIED:
        citizen_id = people.citizen_with(one.nik)
        views = claims.claims_of(citizen_id) if citizen_id is not None else []
        if views:
            written = letters.of_claim(views[0].id)
            found.append(
                Row(views[0].code, one.nik, written[0].code if written else "", gettext(one.what))
            )
    return found


@require_safe
def trying(request: HttpRequest) -> HttpResponse:
    """List the codes to try; nothing of the kind where people are real."""
    if not settings.GILIRAN_DEMO:
        raise Http404
    errands = [one._replace(what=gettext(one.what)) for one in STAFF_TRIED]
    return render(
        request, "public/trying.html", {"rows": rows(), "birth": BIRTH, "errands": errands}
    )
