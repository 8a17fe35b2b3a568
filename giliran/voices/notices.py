"""The messages to officers about complaints and findings: forms, and what they say when sent.

They hold a number and a date, never who complained, about whom or what was said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from giliran.core.complaint import TO_ANSWER, State
from giliran.messages import queries as messages
from giliran.messages import spoken
from giliran.messages.forms import Both, Form
from giliran.messages.queries import MessageView
from giliran.messages.wording import Known, Wording, in_its_language, linked
from giliran.voices import access, addressed
from giliran.voices.findings import TO_DO
from giliran.voices.models import Complaint, CorrectiveAction

Level = Complaint.Level
_TITLE = Both("Pengaduan menunggu", "A complaint waits")
_FINDING = Both("Tindak lanjut temuan", "What a finding asks for")
_OPEN = Both("Buka %(url)s", "Open %(url)s")

ARRIVED = Form(
    "aduan_masuk",
    Both(
        "Pengaduan %(number)s tentang %(place)s perlu ditangani, dijawab paling lambat %(due)s. "
        "Buka %(url)s untuk mulai.",
        "Complaint %(number)s about %(place)s is to be handled and answered by %(due)s. Open "
        "%(url)s to begin.",
    ),
    (
        Both(
            "Pengaduan %(number)s (%(brief)s) perlu ditangani, jawab paling lambat %(due_date)s.",
            "Complaint %(number)s (%(brief)s) is to be handled, answer by %(due_date)s.",
        ),
        _OPEN,
    ),
    title=_TITLE,
)
GIVEN = Form(
    "aduan_ditugaskan",
    Both(
        "Bapak/Ibu ditunjuk menangani pengaduan %(number)s tentang %(place)s, dijawab paling "
        "lambat %(due)s. Buka %(url)s untuk mulai.",
        "You were chosen to handle complaint %(number)s about %(place)s, to be answered by "
        "%(due)s. Open %(url)s to begin.",
    ),
    (
        Both(
            "Bapak/Ibu ditunjuk menangani pengaduan %(number)s (%(brief)s), jawab paling lambat "
            "%(due_date)s.",
            "You are to handle complaint %(number)s (%(brief)s), answer by %(due_date)s.",
        ),
        _OPEN,
    ),
    title=_TITLE,
)
RAISED = Form(
    "aduan_dinaikkan_petugas",
    Both(
        "Pengaduan %(number)s tentang %(place)s dinaikkan kepada Bapak/Ibu. Jawabannya harus ada "
        "paling lambat %(due)s. Buka %(url)s untuk membantu.",
        "Complaint %(number)s about %(place)s was put before you. It is to be answered by %(due)s. "
        "Open %(url)s to help.",
    ),
    (
        Both(
            "Pengaduan %(number)s (%(brief)s) dinaikkan, jawab paling lambat %(due_date)s.",
            "Complaint %(number)s (%(brief)s) was put before you, answer by %(due_date)s.",
        ),
        _OPEN,
    ),
    title=_TITLE,
)
DISPUTED = Form(
    "aduan_disanggah_petugas",
    Both(
        "Jawaban atas pengaduan %(number)s tentang %(place)s disanggah. Sekarang Bapak/Ibu yang "
        "menjawab, paling lambat %(due)s. Buka %(url)s untuk mulai.",
        "The answer to complaint %(number)s about %(place)s is disputed. Now it is yours to "
        "answer, by %(due)s. Open %(url)s to begin.",
    ),
    (
        Both(
            "Jawaban pengaduan %(number)s (%(brief)s) disanggah, jawab paling lambat %(due_date)s.",
            "The answer to complaint %(number)s (%(brief)s) is disputed, answer by %(due_date)s.",
        ),
        _OPEN,
    ),
    title=_TITLE,
)
DUE = Form(
    "aduan_jatuh_tempo",
    Both(
        "Ada %(count)s pengaduan yang mendekati atau melewati batas waktu, yang paling awal "
        "%(due)s. Buka %(url)s untuk menjawab.",
        "Complaints near or past their date: %(count)s, the earliest %(due)s. Open %(url)s to "
        "answer.",
    ),
    (
        Both(
            "%(count)s pengaduan mendekati atau melewati batas waktu, paling awal %(due_date)s.",
            "Complaints near or past their date: %(count)s, the earliest %(due_date)s.",
        ),
        _OPEN,
    ),
    title=_TITLE,
)
ACTION_DUE = Form(
    "temuan_jatuh_tempo",
    Both(
        "Tindakan korektif atas temuan tentang %(place)s harus selesai paling lambat %(due)s. Buka "
        "%(url)s untuk melaporkannya.",
        "A corrective action of a finding on %(place)s has to be done by %(due)s. Open %(url)s to "
        "report it.",
    ),
    (
        Both(
            "Tindakan korektif temuan (%(brief)s) harus selesai %(due_date)s.",
            "A corrective action of a finding (%(brief)s) is due %(due_date)s.",
        ),
        _OPEN,
    ),
    title=_FINDING,
)
ACTION_OVERDUE = Form(
    "temuan_terlambat",
    Both(
        "Tindakan korektif atas temuan tentang %(place)s belum dilaporkan, padahal batasnya "
        "%(due)s. Buka %(url)s untuk melaporkannya.",
        "A corrective action of a finding on %(place)s isn't reported, though it was due %(due)s. "
        "Open %(url)s to report it.",
    ),
    (
        Both(
            "Tindakan korektif temuan (%(brief)s) terlambat, batasnya %(due_date)s.",
            "A corrective action of a finding (%(brief)s) is late, it was due %(due_date)s.",
        ),
        _OPEN,
    ),
    title=_FINDING,
)
FORMS = (ARRIVED, GIVEN, RAISED, DISPUTED, DUE, ACTION_DUE, ACTION_OVERDUE)
_NO_PLACE = Both("layanan kita", "our service")
_ALL_OFFICES = Both("semua kantor", "all offices")
EXAMPLES: Mapping[str, str] = {
    "number": "no-1204",
    "place": "Kantor Cabang Serang",
    "brief": "KC Serang",
    "count": "3",
    "due": "Rabu, 25 November 2026",
    "due_date": "Rab 25 Nov",
    "url": "https://giliran.example/petugas/aduan/no-1204/",
}
"""What the provider asks for when a template is registered: one example for each place."""


@in_its_language
def word(message_id: int, language: str) -> Wording | None:
    """Return a message in a language ("id" or "en"), or None when it is no longer true."""
    message = messages.message(message_id)
    found = READERS[message.kind](message, language)
    return linked(found, language) if found else None


def _complaint(message: MessageView, language: str) -> Known | None:
    """Say it only to who may still answer it, and only while nobody else has it in hand."""
    known = Complaint.objects.select_related("office", "region", "turn", "claim")
    complaint = known.filter(id=message.subject_id, state__in=sorted(TO_ANSWER)).first()
    officer_id = int(message.data["officer"])
    if complaint is None or not access.may_handle(access.reader(officer_id), complaint):
        return None
    form, is_true = {
        "complaint_arrived": (ARRIVED, complaint.handler_id in {None, officer_id}),
        "complaint_given": (GIVEN, complaint.handler_id == officer_id),
        "complaint_raised": (RAISED, True),
        "complaint_disputed_up": (
            DISPUTED,
            complaint.state == State.DISPUTED and complaint.handler_id in {None, officer_id},
        ),
    }[message.kind]
    if not is_true or complaint.due_on is None:
        return None
    values = {
        "number": complaint.reference,
        **_place(complaint, language),
        "due": spoken.day(complaint.due_on),
        "due_date": spoken.brief_day(complaint.due_on),
    }
    return Known(form, values, f"/petugas/aduan/{complaint.reference}/")


def _place(of: Complaint, language: str) -> dict[str, str]:
    where = of.office or of.region
    name = where.name if where else _NO_PLACE.spoken(language)
    return {"place": name, "brief": spoken.place(name)}


def _due(message: MessageView, language: str) -> Known | None:
    officer_id = int(message.data["officer"])
    found = addressed.pressed(officer_id, message.made_at)
    if not found:
        return None
    first = min(addressed.pressing(one) for one in found)
    values = {
        "count": str(len(found)),
        "due": spoken.day(first),
        "due_date": spoken.brief_day(first),
    }
    return Known(DUE, values, _list(officer_id, found[0]))


def _list(officer_id: int, first: Complaint) -> str:
    """Return the page on which an officer finds all that presses them."""
    who = access.reader(officer_id)
    if who.is_centre:
        return "/kepala/aduan/"
    if first.region and first.region_id in who.regions:
        return f"/kepala/wilayah/{first.region.slug}/aduan/"
    return f"/petugas/{first.office.slug}/aduan/" if first.office else "/petugas/"


def _action(message: MessageView, language: str) -> Known | None:
    known = CorrectiveAction.objects.select_related("finding__office", "finding__region")
    action = known.filter(id=message.subject_id, state__in=sorted(TO_DO)).first()
    if action is None:
        return None
    where = action.finding.office or action.finding.region
    name = where.name if where else _ALL_OFFICES.spoken(language)
    values = {
        "place": name,
        "brief": spoken.place(name),
        "due": spoken.day(action.due_on),
        "due_date": spoken.brief_day(action.due_on),
    }
    form = ACTION_OVERDUE if message.kind == "action_overdue" else ACTION_DUE
    return Known(form, values, f"/kepala/temuan/{action.finding.code}/")


READERS: Mapping[str, Callable[[MessageView, str], Known | None]] = {
    **dict.fromkeys(
        (
            "complaint_arrived",
            "complaint_given",
            "complaint_raised",
            "complaint_disputed_up",
        ),
        _complaint,
    ),
    "complaints_due": _due,
    "action_due": _action,
    "action_overdue": _action,
}
"""Every kind of message; ``actions.noticing`` makes no other."""
KINDS = frozenset(READERS)
