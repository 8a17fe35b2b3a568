"""Who works in the demonstration."""

from __future__ import annotations

from typing import NamedTuple

PASSWORD = "giliran-di-loket"  # noqa: S105 -- printed on the demo's own screen


class Employee(NamedTuple):
    """A log-in of the demonstration; ``where`` is an office or a region."""

    name: str
    role: str
    where: str | None = None


STAFF = {
    "admin": Employee("Administrator Contoh", "administrator", None),
    "auditor": Employee("Auditor Contoh", "auditor", None),
    "ombudsman": Employee("Asisten Ombudsman Contoh", "ombudsman", "banten"),
    "wilayah": Employee("Kepala Kanwil Banten", "regional", "banten"),
    "kepala": Employee("Kepala Cabang Serang", "manager", "serang"),
    "pintu": Employee("Petugas Pintu Serang", "door", "serang"),
    "rina": Employee("Rina Wulandari", "officer", "serang"),
    "budi": Employee("Budi Hidayat", "officer", "serang"),
    "dewi": Employee("Dewi Lestari", "officer", "serang"),
    "eko": Employee("Eko Pratama", "officer", "serang"),
    "maya": Employee("Maya Anggraini", "officer", "tangerang-selatan"),
    "yusuf": Employee("Yusuf Ramadhan", "officer", "banjarmasin"),
}

SITTING = ("rina", "budi", "dewi")  # the fourth counter is left to whoever tries the demo
VISITOR = "eko"
