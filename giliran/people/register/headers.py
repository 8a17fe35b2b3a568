"""Which columns a file of each kind has, and how else they may be called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from giliran.people.register.faults import Unreadable


class Kind(NamedTuple):
    """One kind of file: its columns in the order of the guide."""

    name: str
    needed: tuple[str, ...]
    optional: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return self.needed + self.optional


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "members",
            ("kpj", "nik", "name", "birth_date", "segment", "opened_on"),
            ("phone", "closed_on", "balance", "balance_on"),
        ),
        Kind("spells", ("kpj", "npp", "employer", "began_on"), ("ended_on",)),
        Kind("contributions", ("kpj", "month", "wage", "amount"), ("paid_on",)),
        Kind("heirs", ("nik", "heir_nik", "heir_name", "relation"), ("heir_birth_date",)),
    )
}
INDONESIAN = {
    "nama": "name",
    "tanggal_lahir": "birth_date",
    "telepon": "phone",
    "segmen": "segment",
    "tanggal_mulai": "opened_on",
    "tanggal_tutup": "closed_on",
    "saldo": "balance",
    "tanggal_saldo": "balance_on",
    "perusahaan": "employer",
    "mulai_kerja": "began_on",
    "akhir_kerja": "ended_on",
    "bulan": "month",
    "upah": "wage",
    "iuran": "amount",
    "tanggal_bayar": "paid_on",
    "nik_ahli_waris": "heir_nik",
    "nama_ahli_waris": "heir_name",
    "hubungan": "relation",
    "tanggal_lahir_ahli_waris": "heir_birth_date",
}


def column(written: str) -> str:
    """Return the column that a heading means, or the heading folded if it means none."""
    plain = written.strip().lower().replace(" ", "_")
    return INDONESIAN.get(plain, plain)


def kind_of(headings: Sequence[str], *, asked: str | None = None) -> Kind:
    """Return which kind of file has these columns (already folded by ``column``).

    Raises ``Unreadable`` for a column that is missing, unknown or there twice: a column that
    nobody reads would be lost in silence.
    """
    known = set(headings)
    # The nearest kind is the one whose faults help.
    kind = (
        KINDS[asked]
        if asked
        else min(
            KINDS.values(),
            key=lambda one: len(set(one.needed) - known) + len(known - set(one.columns)),
        )
    )
    missing = [name for name in kind.needed if name not in known]
    if missing and not known & set(kind.columns):
        kinds = "; ".join(f"{one.name}: {', '.join(one.needed)}" for one in KINDS.values())
        raise Unreadable(f"Baris pertama bukan nama kolom. Kolom yang dikenal: {kinds}.")
    if twice := sorted({name for name in headings if headings.count(name) > 1}):
        raise Unreadable(f"Kolom ditulis dua kali: {_named(twice)}.")
    if missing:
        raise Unreadable(f"Berkas {kind.name}: kolom yang belum ada: {_named(missing)}.")
    if surplus := sorted(known - set(kind.columns)):
        raise Unreadable(
            f"Berkas {kind.name}: kolom yang tidak dikenal: {_named(surplus)}. Hapus kolom itu. "
            f"Yang dikenal: {', '.join(kind.columns)}."
        )
    return kind


def _named(columns: Sequence[str]) -> str:
    """Name columns as they were written, shortly and without what a terminal obeys."""
    shown = ["".join(c if c.isprintable() else "�" for c in name[:40]) for name in columns[:10]]
    return ", ".join(name or "(kosong)" for name in shown)
