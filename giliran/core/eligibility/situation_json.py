"""JSON -> `Situation`: every field, its other spellings, its shorthands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from giliran.core.eligibility import situation_parts, words
from giliran.core.eligibility.days import whole_months
from giliran.core.eligibility.reading import (
    HIGHEST_AGE,
    Log,
    Reader,
    UnreadableField,
    UnreadableSituation,
)
from giliran.core.eligibility.situation import (
    Card,
    Claimant,
    Employment,
    Identity,
    Situation,
    Withdrawal,
)

EVENT_DATES = (
    "event_date",
    "tanggal_kejadian",
    "date_of_event",
    "stopped_on",
    "ended_on",
    "last_working_day",
    "resigned_on",
    "resignation_date",
    "resign_date",
    "dismissed_on",
    "phk_date",
    "termination_date",
    "dismissal_date",
    "contract_ended_on",
    "contract_end_date",
    "died_on",
    "death_date",
    "date_of_death",
    "accident_date",
    "diagnosed_on",
    "disability_date",
)


def read_situation(values: Mapping[str, Any]) -> Situation:
    """Read a situation; see `Situation.from_json`."""
    log = Log()
    if not isinstance(values, Mapping):
        shown = UnreadableField(
            "(seluruh berkas)",
            found=type(values).__name__,
            expected="objek JSON dengan kurung kurawal",
            example='{"date": "2026-11-21", "reason": "resigned"}',
        )
        raise UnreadableSituation((shown,))
    situation = _read(Reader(values, log=log))
    if log.problems or situation is None:
        raise UnreadableSituation(tuple(log.problems))
    return situation


def _read(top: Reader) -> Situation | None:
    day = top.day("date", "tanggal", "day", "on")
    reason = top.word("reason", "alasan", "event", "claim_reason", words=words.REASONS)
    if day is None and not any(one.field == "date" for one in top.log.problems):
        _missing(top, "date", "tanggal klaim, tahun-bulan-hari", '"2026-11-21"')
    program = top.word("program", "programme", words=words.PROGRAMS)
    papers = top.words("papers", "problems", "kendala", words=words.PAPERS)
    told_balance = top.money("balance", "saldo", "jht_balance", "total_balance")
    simple_cards = _cards(top, told_balance)
    facts: dict[str, Any] = {
        "event_date": top.day(*EVENT_DATES) or _day_in_a_part(top),
        "segment": top.word("segment", "segmen", words=words.SEGMENTS),
        "birth_date": top.day("birth_date", "tanggal_lahir", "date_of_birth"),
        "age": top.whole("age", "usia", "umur", highest=HIGHEST_AGE),
        "gender": top.word("gender", "sex", "jenis_kelamin", words=words.GENDERS),
        "citizenship": top.word("citizenship", "kewarganegaraan", words=words.CITIZENSHIP),
        "agreed_pension_age": top.whole("agreed_pension_age", highest=HIGHEST_AGE),
        "wage": top.money("wage", "monthly_wage", "upah", "gaji"),
        "daily_wage": top.money("daily_wage", "upah_harian"),
        "income": top.money("income", "monthly_income", "penghasilan"),
        "membership_months": _membership(top, day),
        "contribution_months": _months(top, "contribution"),
        "active_on_event": top.flag("active_on_event", "active_member", "aktif_saat_kejadian"),
        "arrears_months": top.whole("arrears_months", "tunggakan_bulan", highest=600),
        "cause": top.word("cause", "sebab", "cause_of_death", words=words.CAUSES),
        "merged": top.flag("merged", "cards_merged", "sudah_digabung"),
        "npwp": top.flag("npwp", "has_npwp", "punya_npwp"),
        "employer_size": top.word("employer_size", "skala_usaha", words=words.SIZES),
        "home": top.word("home", "house", "rumah", words=words.HOMES),
        "on_leave": top.flag("on_leave", "sedang_cuti"),
    }
    parts: dict[str, Any] = {
        "claimant": _claimant(top),
        "employment": _employment(top),
        "identity": _identity(top.part("identity", "ktp")),
        "cards": simple_cards,
        "withdrawals": _withdrawals(top),
        "accident": situation_parts.read_accident(top.part("accident", "kecelakaan", "jkk")),
        "pension": situation_parts.read_pension(top.part("pension", "pensiun", "jp")),
        "job_loss": situation_parts.read_job_loss(top.part("job_loss", "jkp")),
        "children": situation_parts.read_children(top),
        "papers": frozenset(papers),
        "total_balance": told_balance,
    }
    top.text("id")
    top.text("title", "name", "story", "note", "catatan")
    top.close()
    if day is None:
        return None
    return Situation(
        day=day,
        reason=reason,
        program=program,
        unread=tuple(top.log.unread),
        **facts,
        **parts,
    )


def _missing(top: Reader, field: str, expected: str, example: str) -> None:
    top.log.problems.append(
        UnreadableField(field, found="(kosong)", expected=expected, example=example)
    )


def _membership(top: Reader, day: date | None) -> int | None:
    since = top.day("member_since", "membership_since", "peserta_sejak")
    months = _months(top, "membership")
    return whole_months(since, day) if months is None and since and day else months


def _months(top: Reader, name: str) -> int | None:
    months = top.whole(f"{name}_months", highest=1200)
    years = top.number(f"{name}_years", highest=100)
    if months is not None or years is None:
        return months
    return int(years * 12)


def _cards(top: Reader, balance: Decimal | None) -> tuple[Card, ...]:
    active = top.flag("card_active", "kartu_aktif")
    listed = top.parts("cards", "kartu")
    if not listed:
        if balance is None and active is None:
            return ()
        return (Card(balance=balance, active=active),)
    cards = [_card(one) for one in listed]
    if len(cards) == 1 and cards[0].balance is None:
        cards[0] = replace(cards[0], balance=balance)
    return tuple(cards)


def _card(one: Reader) -> Card:
    spells = one.parts("spells", "periods", "masa") or ()
    firsts = [spell.day("since", "from", "sejak") for spell in spells]
    lasts = [spell.day("until", "to", "sampai") for spell in spells]
    for spell in spells:
        spell.text("employer", "perusahaan")
        spell.close()
    since = one.day("since", "from", "sejak", "start", "start_date", "enrolled_on")
    until = one.day("until", "to", "sampai", "end", "end_date")
    open_ended = bool(spells) and None in lasts
    card = Card(
        kpj=one.text("kpj", "number", "nomor"),
        employer=one.text("employer", "perusahaan"),
        since=since or min((day for day in firsts if day), default=None),
        until=until or (None if open_ended else max((day for day in lasts if day), default=None)),
        active=one.flag("active", "aktif", "status", "is_active"),
        balance=one.money("balance", "saldo", "jht_balance"),
        programs=one.words("programs", "programmes", "program", words=words.PROGRAMS),
        name=one.text("name", "nama"),
        nik=one.text("nik"),
        birth_date=one.day("birth_date", "tanggal_lahir"),
    )
    one.text("segment", "segmen")
    one.close()
    return card


def _claimant(top: Reader) -> Claimant:
    if not top.holds_object("claimant"):
        word = top.word("claimant", "pemohon", words=words.CLAIMANT_OR_HEIR)
        if word in words.HEIRS:
            return Claimant(kind="heir", heir=word)
        if word == "proxy":
            return Claimant(kind="self", proxy=True)
        return Claimant(kind=word)
    one = top.part("claimant")
    kind = one.word("kind", "type", "who", words=words.CLAIMANTS)
    heir = one.word("heir", "rank", "relation", "hubungan", words=words.HEIRS)
    proxy = one.flag("proxy", "by_proxy", "kuasa")
    claimant = Claimant(
        kind="self" if kind == "proxy" and not heir else "heir" if heir else kind,
        heir=heir,
        proxy=True if kind == "proxy" else proxy,
        nearer_heirs=one.flag("nearer_heirs", "ada_ahli_waris_lebih_dekat"),
        birth_date=one.day("birth_date", "tanggal_lahir"),
        age=one.whole("age", "usia", highest=HIGHEST_AGE),
        working=one.flag("working", "bekerja"),
        married=one.flag("married", "menikah"),
        remarried=one.flag("remarried", "menikah_lagi"),
    )
    one.close()
    return claimant


def _employment(top: Reader) -> Employment:
    if not top.holds_object("employment"):
        word = top.word("employment", "pekerjaan", words=words.WORKING)
        flag = top.flag("working", "working_now", "employed", "bekerja")
        return Employment(working=flag if not word else word == "working")
    one = top.part("employment")
    programs = one.words("programs", "program", words=words.PROGRAMS)
    jht = one.flag("jht", "enrolled_in_jht")
    segment = one.word("segment", "segmen", words=words.SEGMENTS)
    one.day("ended_on", "end_date", "until", "last_working_day")
    employment = Employment(
        working=_working(one),
        jht=("JHT" in programs) if jht is None and programs else jht,
        segment=segment,
        employer=one.text("employer", "perusahaan"),
        since=one.day("since", "from", "sejak"),
    )
    one.close()
    return employment


def _day_in_a_part(top: Reader) -> date | None:
    """Read the day where it's told inside the accident, the job loss or the last work."""
    accident = top.part("accident", "kecelakaan", "jkk").day("date", "accident_date", "tanggal")
    lost = top.part("job_loss", "jkp").day("date", "dismissed_on", "phk_date", "tanggal")
    if accident or lost or not top.holds_object("employment"):
        return accident or lost
    return top.part("employment").day("ended_on", "end_date", "until", "last_working_day")


def _working(one: Reader) -> bool | None:
    word = one.word("status", "state", words=words.WORKING)
    flag = one.flag("working", "working_now", "employed", "bekerja", "now")
    return (word == "working") if flag is None and word else flag


def _identity(one: Reader) -> Identity:
    if not one:
        return Identity()
    identity = Identity(
        name=one.text("name", "nama"),
        nik=one.text("nik"),
        birth_date=one.day("birth_date", "tanggal_lahir"),
    )
    one.close()
    return identity


def _withdrawals(top: Reader) -> tuple[Withdrawal, ...] | None:
    listed = top.parts("earlier_withdrawals", "withdrawals", "pencairan_sebelumnya")
    if listed is None:
        took = top.flag(
            "took_partial_before",
            "pernah_ambil_sebagian",
            "earlier_partial",
            "partial_taken",
            "previous_partial",
        )
        if took is None:
            return None
        return (Withdrawal(None, "partial_other", None),) if took else ()
    found = []
    for one in listed:
        found.append(
            Withdrawal(
                one.day("date", "tanggal", "paid_on"),
                one.word("kind", "type", "jenis", words=words.WITHDRAWALS) or "partial_other",
                one.money("gross", "amount", "jumlah"),
            )
        )
        one.close()
    return tuple(found)
