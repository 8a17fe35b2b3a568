"""Entering a finding, showing what was done about it, and deciding whether that is enough."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction

from giliran.core.refusal import BadInput, NotFound, Refusal, gettext_noop
from giliran.journal.actions import record
from giliran.offices.models import Office, Region
from giliran.voices import findings
from giliran.voices.models import CorrectiveAction, Evidence, Finding

State = CorrectiveAction.State
_LONGEST = 4000
_ACTIONS_AT_MOST = 40


class NewAction(NamedTuple):
    """One line of a report: ``target`` is in the measure's unit, shares from 0 to 1."""

    what: str
    who: str
    due_on: date
    measure: str = ""
    direction: str = ""
    target: Decimal | None = None


class NeedsText(BadInput):
    """Something that has to be said wasn't."""

    code = "finding_needs_text"
    sentence = gettext_noop("Bagian ini wajib diisi.")


class TooLong(BadInput):
    """A text is longer than anybody reads."""

    code = "finding_text_too_long"
    sentence = gettext_noop("Tulisan ini paling panjang %(most)s huruf. Ringkaslah.")


class BadLink(BadInput):
    """A link that isn't a page of the web."""

    code = "finding_bad_link"
    sentence = gettext_noop("Tautan harus diawali https:// atau http://. Periksa lagi.")


class NoActions(BadInput):
    """A finding without anything to do about it."""

    code = "finding_without_action"
    sentence = gettext_noop("Tulis paling sedikit satu tindakan korektif.")


class DueBeforeReceived(BadInput):
    """Something is to be done before the report came."""

    code = "finding_due_before"
    sentence = gettext_noop("Tenggat tidak boleh sebelum laporan diterima.")


class NotYetReported(Refusal):
    """Nobody has said that it is done, so nobody can say that it isn't."""

    code = "finding_not_reported"
    sentence = gettext_noop(
        "Tindakan ini belum dilaporkan selesai, jadi belum bisa diputuskan. Muat ulang halaman."
    )


class AlreadyAccepted(Refusal):
    """It was accepted; nothing more is asked for."""

    code = "finding_accepted"
    sentence = gettext_noop("Tindakan ini sudah diterima. Tidak ada lagi yang perlu dilaporkan.")


class OwnWork(Refusal):
    """Whoever says that it is done can't also decide that it is."""

    code = "finding_own_work"
    sentence = gettext_noop(
        "Anda ikut melaporkan tindakan ini, jadi orang lain yang harus memutuskan."
    )


def enter(
    *,
    request_key: UUID,
    source: str,
    number: str,
    received_on: date,
    office: Office | None,
    region: Region | None,
    title: str,
    summary: str,
    url: str,
    actions: Sequence[NewAction],
    actor: str,
    now: datetime,
) -> str:
    """Enter a report with its corrective actions and return its code.

    The same ``request_key`` again returns the same code and changes nothing. Raises ``NeedsText``,
    ``TooLong``, ``BadLink``, ``NoActions`` or ``DueBeforeReceived`` with the field's name; an
    action's fields are ``what-0``, ``who-0``, ``due_on-0``.
    """
    _check_text("source", source, most=120)
    _check_text("title", title, most=200)
    _check_text("summary", summary)
    if len(number) > 80:  # noqa: PLR2004 -- the column
        raise TooLong("number", most=80)
    _check_link("url", url)
    if not actions or len(actions) > _ACTIONS_AT_MOST:
        raise NoActions("what-0")
    for k, one in enumerate(actions):
        _check_text(f"what-{k}", one.what)
        _check_text(f"who-{k}", one.who, most=120)
        if one.due_on < received_on:
            raise DueBeforeReceived(f"due_on-{k}")
    place = office.slug if office else region.slug if region else "semua"
    code = f"{received_on:%Y-%m}-{place[:20]}-{request_key.hex[:6]}"
    try:
        with transaction.atomic():
            made = Finding.objects.create(
                code=code,
                source=source,
                number=number,
                received_on=received_on,
                office=office,
                region=office.region if office else region,
                title=title,
                summary=summary,
                url=url,
                entered_at=now,
                entered_by=actor,
            )
            CorrectiveAction.objects.bulk_create(
                CorrectiveAction(finding=made, position=k + 1, **one._asdict())
                for k, one in enumerate(actions)
            )
            record(
                "finding.enter",
                at=now,
                actor=actor,
                office_id=office.id if office else None,
                subject_id=made.id,
                actions=len(actions),
            )
    except IntegrityError:
        if not Finding.objects.filter(code=code).exists():
            raise
    return code


@transaction.atomic
def report_done(
    action_id: int, *, request_key: UUID, text: str, url: str, officer_id: int, now: datetime
) -> None:
    """Say that a corrective action was done, and show it.

    Once more after it was reported adds evidence. Raises ``AlreadyAccepted``, ``NeedsText``,
    ``TooLong``, ``BadLink`` or ``NotFound``.
    """
    action = _locked(action_id)
    if Evidence.objects.filter(request_key=request_key).exists():
        return
    _check_text("text", text)
    _check_link("url", url)
    if action.state == State.ACCEPTED:
        raise AlreadyAccepted
    _add(action, request_key, text, url, officer_id, now)
    action.state, action.reported_at = State.REPORTED, now
    action.save(update_fields=["state", "reported_at"])
    _note("finding.report", action, officer_id, now)


@transaction.atomic
def decide(
    action_id: int,
    *,
    request_key: UUID,
    is_enough: bool,
    reason: str,
    officer_id: int,
    now: datetime,
) -> None:
    """Accept what was reported, or say what is still missing.

    Raises ``NotYetReported``, ``OwnWork`` for whoever added evidence since the last decision,
    ``NeedsText`` where the reason of a "no" is missing, ``TooLong`` or ``NotFound``.
    """
    action = _locked(action_id)
    if Evidence.objects.filter(request_key=request_key).exists():
        return
    outcome = State.ACCEPTED if is_enough else State.REJECTED
    is_same = (action.state, action.decided_by) == (outcome, _officer(officer_id))
    if is_enough and is_same:
        return  # a double click: of "enough" nothing need be kept under the form's key
    if action.state != State.REPORTED:
        raise NotYetReported
    since = action.evidence.all()
    if action.decided_at is not None:
        since = since.filter(at__gt=action.decided_at)
    if since.filter(by=_officer(officer_id)).exists():
        raise OwnWork
    if reason or not is_enough:
        _check_text("reason", reason)
        _add(action, request_key, reason, "", officer_id, now)
    action.state = outcome
    action.decided_at, action.decided_by = now, _officer(officer_id)
    action.save(update_fields=["state", "decided_at", "decided_by"])
    _note("finding.accept" if is_enough else "finding.reject", action, officer_id, now)


def _locked(action_id: int) -> CorrectiveAction:
    found = CorrectiveAction.objects.select_for_update().filter(id=action_id).first()
    if found is None:
        raise NotFound
    return found


def _add(
    action: CorrectiveAction, key: UUID, text: str, url: str, officer_id: int, now: datetime
) -> None:
    Evidence.objects.create(
        action=action, request_key=key, text=text, url=url, at=now, by=_officer(officer_id)
    )


def _note(kind: str, action: CorrectiveAction, officer_id: int, now: datetime) -> None:
    record(
        kind,
        at=now,
        actor=_officer(officer_id),
        office_id=action.finding.office_id,
        subject_id=action.finding_id,
        action=action.position,
    )


def _officer(officer_id: int) -> str:
    return f"officer:{officer_id}"


def _check_text(field: str, text: str, *, most: int = _LONGEST) -> None:
    if not text.strip():
        raise NeedsText(field)
    if len(text) > most:
        raise TooLong(field, most=most)


def _check_link(field: str, url: str) -> None:
    if url and (len(url) > 200 or not findings.is_web_address(url)):  # noqa: PLR2004 -- the column
        raise BadLink(field)
