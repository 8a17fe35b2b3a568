"""JHT after work ended: waiting time, cards still active, and work begun again."""

from __future__ import annotations

from datetime import date

from giliran.core.eligibility import jht_partial, two_cards
from giliran.core.eligibility.answer import Answer, Decision
from giliran.core.eligibility.case import Case
from giliran.core.eligibility.days import add_months, birthday
from giliran.core.eligibility.jht_age import by_age
from giliran.core.eligibility.jht_shared import age_reached, born_on, entitled, not_yet, officer
from giliran.core.eligibility.sentence import percent_text
from giliran.core.eligibility.situation import Situation
from giliran.core.refusal import gettext_noop

STOPPED = {
    "resigned": "jht/full/waiting_after_resignation",
    "dismissed": "jht/full/waiting_after_dismissal",
    "contract_end": "jht/full/waiting_after_contract_end",
}
WITHOUT_WAITING_RULE = {"self_employed_stopped", "migrant_contract_end"}

_ = gettext_noop


def old_card(case: Case) -> Answer:
    """Decide on a card of an earlier employer, whatever ended that work."""
    if case.facts.employment.working is None:
        case.ask("employment.working", _("Apakah Bapak/Ibu sekarang bekerja?"), example=True)
        return case.need_facts()
    if case.facts.employment.working:
        return stopped(case)
    if age_reached(case, int(case.glance("jht/full/age"))):
        return by_age(case)
    case.ask(
        "reason",
        _("Mengapa berhenti bekerja: mengundurkan diri, kena PHK, kontrak selesai, atau lain?"),
        "resigned",
    )
    return case.need_facts()


def stopped(case: Case) -> Answer:
    """Decide for whoever stopped working: payment follows the person, not one card."""
    facts = case.facts
    if age_reached(case, int(case.glance("jht/full/age"))):
        return by_age(case)
    if case.reason != "old_card" and case.reason not in case.rule("jht/full/reasons"):
        return _reason_not_named(case)
    event = facts.event_date
    if event and event > case.day:
        return _wait(case, event)
    working = facts.employment.working
    if working is None:
        case.ask("employment.working", _("Apakah Bapak/Ibu sekarang bekerja?"), example=False)
    if event is None and not working:
        case.ask(
            "event_date",
            _("Tanggal berapa surat berhenti kerja, PHK, atau kontrak Bapak/Ibu berakhir?"),
            "2026-10-01",
        )
    if case.blocked or (event is None and not working):
        return case.need_facts()
    return _works_again(case) if working else _wait(case, event or case.day)


def _reason_not_named(case: Case) -> Answer:
    years = int(case.rule("jht/full/age"))
    if case.reason in {"resigned", "dismissed"}:
        born = born_on(case.facts)
        case.say(
            _("Pada hari itu, orang yang berhenti bekerja menunggu sampai usia %(years)s tahun."),
            years=years,
        )
        if born is None:
            case.ask("birth_date", _("Kapan tanggal lahir Bapak/Ibu?"), "1970-05-17")
            return case.need_facts()
        return not_yet(
            case,
            "waits_until_56",
            _("Belum bisa. Menurut aturan hari itu paling cepat %(earliest)s."),
            birthday(born, years),
        )
    return officer(
        case,
        "reason_not_named_then",
        _("Aturan hari itu belum menyebut alasan ini. Petugas yang memutuskan."),
    )


def _present_work_has_jht(facts: Situation) -> bool | None:
    """Say whether work today enrols in JHT. An active card counts, unless it lists no JHT."""
    work = facts.employment
    if work.jht is not None:
        return work.jht
    if work.segment == "JAKON":
        return False
    active = [card for card in facts.cards if card.active]
    if not active:
        return None
    return any(not card.programs or "JHT" in card.programs for card in active)


def _works_again(case: Case) -> Answer:
    facts = case.facts
    enrolled = _present_work_has_jht(facts)
    if enrolled is None:
        case.ask(
            "employment.jht",
            _("Apakah pekerjaan sekarang mendaftarkan Bapak/Ibu ke JHT? Lihat di aplikasi JMO."),
            example=True,
        )
        return case.need_facts()
    if not case.holds("jht/full/reasons_not_working"):
        return _reason_not_named(case)
    case.rule("jht/full/reasons_not_working")
    if case.holds("jht/old_card/payable_while_working"):
        case.rule("jht/old_card/payable_while_working")
    if not enrolled:
        case.say(_("JHT dibayar kepada orang yang tidak bekerja di mana pun."))
        return officer(
            case,
            "active_without_jht",
            _(
                "Belum dapat diputuskan di sini, karena pekerjaan Bapak/Ibu sekarang tidak ikut "
                "JHT dan aturannya tidak jelas. Petugas yang memutuskan."
            ),
        )
    case.say(
        _(
            "JHT mengikuti orangnya, bukan satu kartu. Selama Bapak/Ibu bekerja dan ikut JHT, "
            "saldo kartu lama belum dapat dicairkan penuh."
        )
    )
    case.say(
        _(
            "Saldo itu milik Bapak/Ibu dan tidak hilang. Isinya iuran sendiri (%(worker)s dari "
            "upah) dan iuran perusahaan (%(employer)s), beserta hasilnya."
        ),
        worker=percent_text(case.rule("jht/contribution/employee_rate")),
        employer=percent_text(case.rule("jht/contribution/employer_rate")),
    )
    years = int(case.rule("jht/full/age"))
    case.say(_("Saat usia %(years)s tahun semuanya boleh diambil, walau bekerja."), years=years)
    born = born_on(facts)
    earliest = birthday(born, years) if born else None
    months = int(case.rule(STOPPED["resigned"]))
    case.say(
        _("Bila nanti berhenti bekerja, semua kartu dibayar bersama setelah %(months)s bulan."),
        months=months,
    )
    case.change(_("Bapak/Ibu berhenti bekerja di mana pun, lalu masa tunggunya lewat."))
    case.change(
        _("Bapak/Ibu mencapai usia %(years)s tahun; saat itu boleh sambil bekerja."), years=years
    )
    two_cards.advise(case)
    if len(facts.cards) > 1 and facts.merged is not True:
        two_cards.bring_to_merge(case)
    jht_partial.offer_partial(case)
    case.offer("merge_cards", _("Gabungkan kartu lama dengan kartu sekarang; gratis."))
    case.offer(
        "age",
        _("Ambil seluruhnya saat usia %(years)s tahun, walau masih bekerja."),
        earliest,
        years=years,
    )
    days = int(case.rule("complaints/bpjs_handles"))
    case.say(_("Pengaduan kepada BPJS ditangani paling lama %(days)s hari kerja."), days=days)
    case.offer(
        "ask_in_writing",
        _(
            "Bila Bapak/Ibu tidak setuju, minta jawaban tertulis di kantor cabang, lalu ajukan "
            "pengaduan ke BPJS; sesudah itu ke Dinas Tenaga Kerja, DJSN, atau Ombudsman."
        ),
    )
    return case.answer(
        Decision.NOT_ENTITLED,
        "works_again",
        _("Kartu lama belum dapat dicairkan penuh, karena Bapak/Ibu bekerja lagi dan ikut JHT."),
        earliest,
    )


def _wait(case: Case, event: date) -> Answer:
    if case.reason in WITHOUT_WAITING_RULE:
        return _wait_without_rule(case, event)
    months = int(case.rule(STOPPED.get(case.reason, STOPPED["resigned"])))
    earliest = add_months(event, months)
    if earliest > case.day:
        case.say(
            _("Masa tunggu %(months)s bulan dihitung dari %(event)s sampai %(earliest)s."),
            months=months,
            event=event,
            earliest=earliest,
        )
        case.rule("jht/full/reasons_not_working")
        case.say(_("Selama itu Bapak/Ibu tidak bekerja lagi di mana pun."))
        _notice_practice(case)
        case.change(_("Masa tunggunya lewat dan Bapak/Ibu tidak bekerja lagi."))
        return not_yet(
            case,
            "not_stopped_yet" if event > case.day else "waiting_month",
            _("Belum bisa sekarang. Paling cepat %(earliest)s, setelah masa tunggu."),
            earliest,
        )
    case.say(
        _("Masa tunggu %(months)s bulan sejak %(event)s sudah lewat pada %(earliest)s."),
        months=months,
        event=event,
        earliest=earliest,
    )
    return _check_card(case, earliest)


def _notice_practice(case: Case) -> None:
    if case.reason == "contract_end":
        case.notice(
            _(
                "Masa tunggu setelah kontrak selesai adalah praktik BPJS; bunyi aturannya belum "
                "kami lihat. Bapak/Ibu boleh meminta jawaban tertulis di kantor cabang."
            )
        )


def _wait_without_rule(case: Case, event: date) -> Answer:
    months = int(case.rule(STOPPED["resigned"]))
    earliest = add_months(event, months)
    if case.day < earliest:
        case.say(
            _(
                "Masa tunggu untuk alasan ini belum dapat dipastikan. Untuk yang mengundurkan "
                "diri %(months)s bulan."
            ),
            months=months,
        )
        case.change(_("Sudah %(months)s bulan sejak berhenti bekerja."), months=months)
        return officer(
            case,
            "waiting_not_verified",
            _("Petugas yang memutuskan apakah Bapak/Ibu perlu menunggu satu bulan."),
            earliest,
        )
    case.say(_("Sudah lewat %(months)s bulan sejak Bapak/Ibu berhenti bekerja."), months=months)
    return _check_card(case, None)


def _check_card(case: Case, earliest: date | None) -> Answer:
    facts = case.facts
    active = [card.active for card in facts.cards]
    if True not in active and (None in active or not active):
        place = active.index(None) if active else 0
        case.ask(
            f"cards[{place}].active",
            _("Apakah kartu Bapak/Ibu sudah tidak aktif? Lihat statusnya di aplikasi JMO."),
            example=False,
        )
        return case.need_facts()
    if case.holds("jht/full/reasons_not_working"):
        case.rule("jht/full/reasons_not_working")
    if True in active:
        if case.holds("documents/company_must_report_out"):
            case.rule("documents/company_must_report_out")
        case.say(
            _(
                "Kartu masih aktif. Perusahaan lama harus melaporkan dulu bahwa Bapak/Ibu sudah "
                "keluar (lewat SIPP Online). Itu tugas perusahaan, bukan tugas Bapak/Ibu."
            )
        )
        case.change(_("Perusahaan melaporkan Bapak/Ibu keluar, sehingga kartu tidak aktif."))
        case.offer(
            "company_reports",
            _("Minta perusahaan melapor. Bila menolak atau sudah tutup, minta bantuan cabang."),
        )
        return not_yet(
            case,
            "card_still_active",
            _("Belum bisa sekarang, karena kartu Bapak/Ibu masih aktif."),
            None,
        )
    if case.reason in {"resigned", "dismissed"} and case.holds("jht/full/arrears_do_not_bar"):
        arrears = facts.arrears_months
        if arrears:
            case.rule("jht/full/arrears_do_not_bar")
            case.say(_("JHT tetap dibayar walau perusahaan menunggak iuran."))
    case.say(_("Bapak/Ibu tidak bekerja di mana pun dan semua kartu sudah tidak aktif."))
    _notice_practice(case)
    return entitled(case, "stopped_working", _("Bapak/Ibu berhak mengambil seluruh JHT."), earliest)
