"""One claim's file at the desk: what was told, what the law says, the papers, and the next step."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from giliran.claims import actions as claims
from giliran.claims import queries, worklists
from giliran.claims.actions.checking import Verdict
from giliran.claims.faults import FAULTS
from giliran.claims.refusals import BadAmount
from giliran.core.refusal import BadInput, NotFound, Refusal, gettext_noop
from giliran.web.counter import claims_shown
from giliran.web.counter.claims_intake import keep_files
from giliran.web.counter.claims_reach import READ, Asked, of_region
from giliran.web.counter.claims_words import told
from giliran.web.staff import actor

UNREADABLE, CONFLICT = 422, 409
_RUPIAH = re.compile(r"[0-9]{1,14}|[0-9]{1,3}(\.[0-9]{3}){1,4}")
VERDICTS: dict[str, Verdict] = {
    "good": "good",
    "wrong": "wrong",
    "seen": "seen",
    "waived": "waived",
}


TO_JUDGE = frozenset({"sent", "brought"})


class FileIsOld(Refusal):
    """The page shows a claim or a paper as it isn't any more."""

    code = "file_is_old"
    sentence = gettext_noop(
        "Berkas ini sudah berubah sejak Anda membuka halaman, jadi tidak ada yang dilakukan. "
        "Lihat keadaannya sekarang, lalu coba lagi."
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
@of_region(*READ)
def file(asked: Asked) -> HttpResponse:
    """Show the file, recording the look, or do what a button asks."""
    if asked.request.method != "POST":
        return _show(asked)
    act = ACTIONS.get(asked.request.POST.get("langkah", ""))
    if act is None:
        return _show(asked, status=400, refused=told(NotFound()))
    try:
        if asked.request.POST.get("terlihat") != worklists.mark(asked.claim):
            raise FileIsOld
        said, anchor = act(asked)
    except BadInput as refusal:
        return _show(asked, status=UNREADABLE, wrong={refusal.field: told(refusal)})
    except Refusal as refusal:
        status = 404 if isinstance(refusal, NotFound) else CONFLICT
        return _show(asked, status=status, refused=told(refusal))
    if said:
        messages.success(asked.request, said)
    address = reverse("claim_file", args=[asked.office.slug, asked.claim.code])
    return redirect(f"{address}{anchor}")


def _show(asked: Asked, *, status: int = 200, **context: Any) -> HttpResponse:
    context |= claims_shown.whole(asked)
    context.setdefault("wrong", {})
    context["typed"] = asked.request.POST if asked.request.method == "POST" else {}
    return render(asked.request, "staff/claim_file.html", context, status=status)


def _allowed(condition: bool) -> None:
    if not condition:
        raise PermissionDenied


def _paper_id(asked: Asked) -> int:
    """Return the paper that a form names, one of this claim, or raise ``NotFound``."""
    sent = asked.request.POST.get("berkas", "")
    mine = {str(one.id): one.id for one in queries.papers(asked.claim.id)}
    if sent not in mine:
        raise NotFound
    return mine[sent]


def _and_told(asked: Asked, said: str) -> str:
    """Add whether the claimant hears of it by itself, or the officer has to tell them."""
    told_by = (
        gettext("Pemohon diberi tahu.")
        if claims_shown.is_told(asked.claim.id)
        else gettext("Kabari pemohon sendiri: kabar lewat ponsel belum aktif.")
    )
    return f"{said} {told_by}"


def _check(asked: Asked) -> tuple[str, str]:
    _allowed(asked.may_check)
    paper_id, typed = _paper_id(asked), asked.request.POST
    verdict, fault = typed.get("putusan", ""), typed.get("salah", "")
    if verdict not in VERDICTS:
        raise NotFound
    claims.check_paper(
        paper_id,
        verdict=VERDICTS[verdict],
        fault=fault if fault in FAULTS else "",
        fault_text=typed.get("keterangan", "").replace("\x00", ""),
        officer_id=asked.officer_id,
        now=asked.now,
    )
    return gettext("Penilaian dokumen dicatat."), _next_to_check(asked, paper_id)


def _next_to_check(asked: Asked, paper_id: int) -> str:
    """Return where the page goes on: at the next paper to be judged, else at the next step."""
    waiting = [one.id for one in queries.papers(asked.claim.id) if one.state in TO_JUDGE]
    place = [one for one in waiting if one > paper_id] or waiting
    return f"#berkas-{place[0]}" if place else "#next-title"


def _complete(asked: Asked) -> tuple[str, str]:
    _allowed(asked.may_check)
    claims.complete(
        asked.claim.id,
        needs_visit=asked.request.POST.get("kunjungan") == "1",
        officer_id=asked.officer_id,
        now=asked.now,
    )
    return _and_told(asked, gettext("Berkas dinyatakan lengkap.")), ""


def _ask_for_papers(asked: Asked) -> tuple[str, str]:
    _allowed(asked.may_check)
    claims.ask_for_papers(asked.claim.id, officer_id=asked.officer_id, now=asked.now)
    return _and_told(asked, gettext("Dokumen diminta.")), ""


def _verify(asked: Asked) -> tuple[str, str]:
    _allowed(asked.may_verify)
    claims.verify(asked.claim.id, amount=_amount(asked), officer_id=asked.officer_id, now=asked.now)
    return gettext("Diverifikasi. Petugas lain yang memutuskan."), ""


def _amount(asked: Asked) -> Decimal:
    """Return the rupiah that were typed: 42000000, 42.000.000 or Rp42.000.000.

    A dot elsewhere isn't left out: 42000000.00 would become a hundred times as much.
    """
    typed = "".join(asked.request.POST.get("jumlah", "").lower().split()).removeprefix("rp")
    if not _RUPIAH.fullmatch(typed):
        raise BadAmount("amount")
    return Decimal(typed.replace(".", ""))


def _send_back(asked: Asked) -> tuple[str, str]:
    _allowed(asked.may_decide)
    claims.send_back(asked.claim.id, officer_id=asked.officer_id, now=asked.now)
    return gettext("Dikembalikan untuk dilihat lagi."), ""


def _approve(asked: Asked) -> tuple[str, str]:
    _allowed(asked.may_decide)
    claims.approve(asked.claim.id, officer_id=asked.officer_id, now=asked.now)
    return _and_told(asked, gettext("Disetujui. Klaim masuk daftar pembayaran.")), ""


def _refuse(asked: Asked) -> tuple[str, str]:
    _allowed(asked.may_decide)
    typed = asked.request.POST
    article = typed.get("pasal_lain", "").strip() or typed.get("pasal", "")
    claims.refuse(
        asked.claim.id,
        article=article.replace("\x00", ""),
        reason=typed.get("alasan", "").replace("\x00", ""),
        officer_id=asked.officer_id,
        now=asked.now,
    )
    return _and_told(asked, gettext("Ditolak dengan pasal dan alasan.")), ""


def _hand_in(asked: Asked) -> tuple[str, str]:
    _allowed(asked.may_take_in)
    claims.submit(asked.claim.id, actor=actor(asked.request), now=asked.now)
    return gettext("Berkas dikirim untuk diperiksa."), ""


def _add(asked: Asked) -> tuple[str, str]:
    _allowed(asked.may_take_in)
    paper_id = _paper_id(asked)
    files = asked.request.FILES.getlist("pindaian")
    kept = keep_files(asked.request, paper_id, files) and bool(files)
    said = gettext("Dokumen disimpan. Mesin sudah memeriksanya.") if kept else ""
    return said, f"#berkas-{paper_id}"


def _bring(asked: Asked) -> tuple[str, str]:
    _allowed(asked.may_take_in)
    paper_id = _paper_id(asked)
    claims.bring_paper(paper_id, actor=actor(asked.request), now=asked.now)
    return gettext("Dicatat: aslinya dibawa ke loket."), f"#berkas-{paper_id}"


def _fill(asked: Asked) -> tuple[str, str]:
    _allowed(asked.may_take_in)
    typed = asked.request.POST
    claims.fill(
        asked.claim.id,
        kpj=typed["kpj"] if typed.get("kpj") else None,
        account=claims.Account(
            typed.get("bank", ""), typed.get("number", ""), typed.get("holder", "")
        ),
        actor=actor(asked.request),
        now=asked.now,
    )
    return gettext("Rekening disimpan."), "#rekening"


ACTIONS: dict[str, Callable[[Asked], tuple[str, str]]] = {
    "periksa": _check,
    "lengkap": _complete,
    "minta": _ask_for_papers,
    "verifikasi": _verify,
    "kembalikan": _send_back,
    "setujui": _approve,
    "tolak": _refuse,
    "kirim": _hand_in,
    "tambah": _add,
    "bawa": _bring,
    "rekening": _fill,
}
