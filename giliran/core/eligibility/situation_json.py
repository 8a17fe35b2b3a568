"""JSON -> `Situation`: every field, its other spellings, its shorthands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from giliran.core.eligibility import words
from giliran.core.eligibility.days import add_months, whole_months
from giliran.core.eligibility.reading import (
    HIGHEST_AGE,
    Log,
    Reader,
    UnreadableField,
    UnreadableSituation,
)
from giliran.core.eligibility.situation import (
    Accident,
    Card,
    Child,
    Claimant,
    Employment,
    Identity,
    Injury,
    JobLoss,
    Pension,
    Situation,
    WageYear,
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
        "event_date": top.day(*EVENT_DATES),
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
        "cause": top.word("cause", "sebab", words=words.CAUSES),
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
        "accident": _accident(top.part("accident", "kecelakaan", "jkk")),
        "pension": _pension(top.part("pension", "pensiun", "jp")),
        "job_loss": _job_loss(top.part("job_loss", "jkp")),
        "children": _children(top),
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
    since = one.day("since", "from", "sejak", "start")
    until = one.day("until", "to", "sampai", "end")
    open_ended = bool(spells) and None in lasts
    card = Card(
        kpj=one.text("kpj", "number", "nomor"),
        employer=one.text("employer", "perusahaan"),
        since=since or min((day for day in firsts if day), default=None),
        until=until or (None if open_ended else max((day for day in lasts if day), default=None)),
        active=one.flag("active", "aktif", "status"),
        balance=one.money("balance", "saldo"),
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
    employment = Employment(
        working=_working(one),
        jht=("JHT" in programs) if jht is None and programs else jht,
        segment=segment,
        employer=one.text("employer", "perusahaan"),
        since=one.day("since", "from", "sejak"),
    )
    one.close()
    return employment


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
        took = top.flag("took_partial_before", "pernah_ambil_sebagian", "earlier_partial")
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


def _accident(one: Reader) -> Accident:
    if not one:
        return Accident()
    transport = one.part("transport", "angkutan")
    aids = one.part("aids", "alat_bantu")
    accident = Accident(
        kind=one.word("kind", "type", "jenis", words=words.ACCIDENTS),
        employment_ended=one.day("employment_ended"),
        months_unable=_months_unable(one),
        still_unable=one.flag("still_unable", "still_unable_to_work"),
        outcome=one.word("outcome", "hasil", words=words.OUTCOMES),
        left_handed=one.flag("left_handed", "kidal"),
        injuries=_injuries(one),
        transport={mode: transport.money(mode) for mode in words.TRANSPORT},
        aids={aid: aids.money(aid) for aid in words.AIDS},
    )
    transport.close()
    aids.close()
    one.close()
    return accident


def _months_unable(one: Reader) -> Decimal | None:
    months = one.number("months_unable", "months_unable_to_work", highest=600)
    days = one.number("days_unable", "days_unable_to_work", highest=20000)
    since, until = one.day("unable_from"), one.day("unable_until")
    if months is None and days is not None:
        return days / 30
    if months is None and since and until and since <= until:
        whole = whole_months(since, until)
        return whole + Decimal((until - add_months(since, whole)).days) / 30
    return months


def _injuries(one: Reader) -> tuple[Injury, ...]:
    listed = one.parts("injuries", "disability", "cacat")
    found = []
    for row in listed or ():
        found.append(
            Injury(
                part=row.text("part", "bagian", "entry"),
                count=row.whole("count", "jumlah", highest=20) or 1,
                function_lost=row.number("function_lost_percent", "function_lost", highest=100),
                percent=row.number("percent", "pct", highest=100),
            )
        )
        row.close()
    return tuple(found)


def _pension(one: Reader) -> Pension:
    if not one:
        return Pension()
    wages = []
    for row in one.parts("wages", "upah") or ():
        year = row.whole("year", "tahun", highest=2200)
        months = row.whole("months", "bulan", highest=12)
        indexed = row.money("indexed_wage", "upah_tertimbang")
        wage = row.money("wage", "upah")
        paid = wage if indexed is None else indexed
        if year is not None and paid is not None:
            full_year = 12 if months is None else months
            wages.append(WageYear(year, full_year, paid, indexed is not None))
        row.close()
    pension = Pension(
        enrolled_on=one.day("enrolled_on", "sejak"),
        months=_months_of(one),
        density_percent=one.number("density_percent", "density", highest=100),
        average_wage=one.money("average_indexed_wage", "average_wage"),
        wages=tuple(wages),
        balance=one.money("balance", "contributions_and_returns", "saldo"),
        in_payment=one.money("in_payment", "pension_in_payment"),
        in_payment_kind=one.word("in_payment_kind", words=words.PENSIONS),
    )
    one.close()
    return pension


def _months_of(one: Reader) -> int | None:
    months = one.whole("months", "contribution_months", "bulan_iuran", highest=1200)
    years = one.number("years", "contribution_years", highest=100)
    return months if months is not None or years is None else int(years * 12)


def _job_loss(one: Reader) -> JobLoss:
    if not one:
        return JobLoss()
    job_loss = JobLoss(
        enrolled_on=one.day("enrolled_on"),
        months_paid_of_last_24=one.whole("months_paid_of_last_24", "months_paid", highest=24),
        longest_run_months=one.whole("longest_run_months", "consecutive_months", highest=24),
        ended_before_term=one.flag("ended_before_term"),
        willing=one.flag("willing", "willing_to_work", "bersedia_bekerja"),
        month=one.whole("month", "bulan_ke", highest=6),
        applications=one.whole("applications", "lamaran", highest=1000),
        interviews=one.whole("interviews", "wawancara", highest=1000),
        training_percent=one.number("training_percent", highest=100),
        in_training=one.flag("in_training", "ikut_pelatihan"),
        times_before=one.whole("times_before", "pernah_berapa_kali", highest=20),
        months_paid_since_last=one.whole("months_paid_since_last", highest=600),
        all_programs=one.flag("all_programs", "ikut_semua_program"),
        enrolled=one.flag("enrolled", "didaftarkan"),
        bankrupt=one.flag("bankrupt", "bangkrut"),
        status_form=one.flag("status_form"),
    )
    one.close()
    return job_loss


def _children(top: Reader) -> tuple[Child, ...] | None:
    count = top.count_instead_of_list("children", "anak")
    if count is not None:
        return (Child(),) * count
    listed = top.parts("children", "anak")
    if listed is None:
        return None
    found = []
    for one in listed:
        found.append(
            Child(
                birth_date=one.day("birth_date", "tanggal_lahir"),
                age=one.whole("age", "usia", highest=HIGHEST_AGE),
                school=one.word("school", "level", "sekolah", words=words.SCHOOLS),
                years_left=one.whole("years_left", "sisa_tahun", highest=20),
                married=one.flag("married", "menikah"),
                working=one.flag("working", "bekerja"),
            )
        )
        one.close()
    return tuple(found)
