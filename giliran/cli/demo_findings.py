"""What the ombudsman of Banten asked for in May 2025, entered as the region would enter it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.utils.formats import date_format

from giliran.offices import queries as offices
from giliran.people import queries as people
from giliran.voices import findings
from giliran.voices.actions import finding as deeds

RECEIVED = date(2025, 5, 28)
"""The article names the month; the day is ours, and so are the dates and targets below."""
ARTICLE = "https://www.serangtimur.co.id/2025/05/ombdusman-banten-minta-bpjs.html"
_KEY = 0x5E4A_1600_0000_0000_0000_0000_0000_0000
_DUE = findings.due_by_default(RECEIVED)
_HEAD, _REGION = "Kepala Cabang Serang", "Kepala Kantor Wilayah Banten"
ACTIONS = (
    deeds.NewAction(
        "Beri kepastian waktu: tidak ada lagi yang menunggu di depan kantor sejak dini hari.",
        _HEAD,
        _DUE,
        "early_people",
        "at_most",
        Decimal(0),
    ),
    deeds.NewAction(
        "Hitung ulang kapasitas, supaya hampir tidak ada yang pulang tanpa dilayani.",
        _REGION,
        _DUE,
        "turned_away_share",
        "at_most",
        Decimal("0.01"),
    ),
    deeds.NewAction(
        "Siapkan pengganti bagi petugas yang cuti.",
        _HEAD,
        _DUE,
        "wait_p90",
        "at_most",
        Decimal(60),
    ),
    deeds.NewAction("Pinjam petugas dari kantor terdekat bila kurang orang.", _REGION, _DUE),
)


def load(*, drawn_since: date, until: datetime) -> None:
    """Enter the finding, report two actions as done, and let one of them be accepted."""
    serang, head = offices.office("serang"), people.officer_id("kepala")
    region = people.officer_id("wilayah")
    code = deeds.enter(
        request_key=UUID(int=_KEY),
        source="Ombudsman RI Perwakilan Banten",
        number="",
        received_on=RECEIVED,
        office=serang,
        region=None,
        title="Antrean dini hari di Kantor Cabang Serang",
        summary=(
            "Orang datang sejak dini hari demi satu dari enam puluh nomor, dan loket kosong saat "
            "petugas cuti. Ombudsman meminta pengganti bagi yang cuti, petugas pinjaman dari "
            "kantor terdekat, kapasitas yang dihitung ulang, dan kepastian waktu."
        ),
        url=ARTICLE,
        actions=ACTIONS,
        actor=f"officer:{region}",
        now=until - timedelta(hours=2),
    )
    actions = findings.finding(code).actions
    for position, said in (
        (
            1,
            f"Tempat diundi sejak {date_format(drawn_since, 'j F Y')}. Giliran diminta dari rumah.",
        ),
        (4, "Pinjaman dari Cilegon diminta dan dijawab lewat sistem."),
    ):
        deeds.report_done(
            actions[position - 1].id,
            request_key=UUID(int=_KEY + position),
            text=said,
            url="",
            officer_id=head,
            now=until - timedelta(hours=1),
        )
    deeds.decide(
        actions[3].id,
        request_key=UUID(int=_KEY + 9),
        is_enough=True,
        reason="",
        officer_id=region,
        now=until - timedelta(minutes=30),
    )
