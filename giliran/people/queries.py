"""Reading what is known of people."""

from __future__ import annotations

from giliran.encryption import unseal
from giliran.people.models import Citizen


def nik_of(citizen_id: int) -> str:
    """Return the citizen's NIK in clear; whoever shows it records that it was seen."""
    return unseal(Citizen.objects.values_list("nik_sealed", flat=True).get(id=citizen_id))
