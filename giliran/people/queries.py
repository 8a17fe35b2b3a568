"""Reading what is known of people."""

from __future__ import annotations

from giliran.encryption import blind_index, unseal
from giliran.people.models import Citizen, Officer


def nik_of(citizen_id: int) -> str:
    """Return the citizen's NIK in clear; whoever shows it records that it was seen."""
    return unseal(Citizen.objects.values_list("nik_sealed", flat=True).get(id=citizen_id))


def officer_id(username: str) -> int:
    """Return the id of who logs in under this name."""
    return Officer.objects.values_list("id", flat=True).get(username=username)


def citizen_with(nik: str) -> int | None:
    """Return the id of the citizen with exactly this NIK, or None if never met."""
    found = Citizen.objects.filter(nik_index=blind_index(nik))
    return found.values_list("id", flat=True).first()


def officers() -> list[Officer]:
    """Return everybody who has a log-in, disabled ones included, by username."""
    return list(Officer.objects.order_by("username"))


def officer_name(officer_id: int) -> str:
    """Return an officer's full name; empty for nobody."""
    found = Officer.objects.filter(id=officer_id).values_list("full_name", flat=True)
    return found.first() or ""
