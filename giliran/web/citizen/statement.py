"""What a citizen typed of themselves, on its way from page to page in hidden fields only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4, uuid5

from django.http import QueryDict
from django.utils.translation import gettext_noop

from giliran.core.refusal import BadInput
from giliran.turns import actions as turns
from giliran.web.refusals import sentence
from giliran.web.typed import key_in

NEEDS: Mapping[str, str] = {
    "wheelchair": gettext_noop("Kursi roda"),
    "ground_floor": gettext_noop("Dilayani di lantai dasar"),
    "sign_language": gettext_noop("Juru bahasa isyarat"),
    "companion": gettext_noop("Ditemani pendamping"),
}
# In the order of the page; each stands in for a bad answer while the others are checked.
_GOOD = {"name": "Siti", "nik": "3604014101900001", "phone": ""}


@dataclass(frozen=True)
class Statement:
    """A form as it was typed, bad input included."""

    name: str = ""
    nik: str = ""
    phone: str = ""
    is_priority: bool = False
    needs: tuple[str, ...] = ()
    form: str = ""

    @property
    def nik_in_fours(self) -> str:
        """The NIK as it is compared with the card."""
        digits = "".join(c for c in self.nik if c.isdigit())
        return " ".join(digits[i : i + 4] for i in range(0, len(digits), 4))

    def request_key(self, *, offer_id: int, service_id: int) -> UUID:
        """Name the request: same form, person, window and service, same turn.

        A second person on the same form (a family at one phone) is another request.
        """
        digits = "".join(c for c in self.nik if c.isdigit())
        return uuid5(UUID(self.form), f"{digits} {service_id} {offer_id}")


def read(post: QueryDict) -> Statement:
    """Read the fields of a form; a form without a usable name of its own is given one."""
    form = str(key_in(post) or uuid4())
    return Statement(
        name=post.get("name", ""),
        nik=post.get("nik", ""),
        phone=post.get("phone", ""),
        is_priority=post.get("priority") == "1",
        needs=tuple(need for need in NEEDS if need in post.getlist("needs")),
        form=form,
    )


def check(stated: Statement) -> tuple[turns.Asker | None, dict[str, str]]:
    """Return who asks, or None and one sentence for every field that can't be read."""
    fields = {"name": stated.name, "nik": stated.nik, "phone": stated.phone}
    wrong: dict[str, str] = {}
    for _ in _GOOD:
        try:
            who = turns.asker(**fields)
        except BadInput as refusal:
            wrong[refusal.field] = sentence(refusal)
            fields[refusal.field] = _GOOD[refusal.field]
        else:
            return (None if wrong else who), {f: wrong[f] for f in _GOOD if f in wrong}
    return None, {f: wrong[f] for f in _GOOD if f in wrong}
