"""A region's payments: what is due, the orders to the bank, and what the bank answered."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from giliran import clock
from giliran.claims import payments
from giliran.claims.payments import queries
from giliran.claims.payments.answer import MAX_BYTES, AnswerTooLarge
from giliran.claims.payments.making import MOST
from giliran.core.refusal import NotFound, Refusal
from giliran.offices import queries as offices
from giliran.web.manager.drawing import SEES_DRAWS, of_region
from giliran.web.refusals import sentence
from giliran.web.staff import actor

PAYS = "regional"
SHOWN = 50
FORMS = {"xml": "application/xml", "csv": "text/csv"}
STATES = {
    "made": (gettext_noop("Menunggu dilepas"), "called"),
    "sent": (gettext_noop("Menunggu jawaban bank"), "waiting"),
    "answered": (gettext_noop("Sudah dijawab bank"), "finished"),
    "void": (gettext_noop("Dibatalkan"), "parked"),
}
PAYMENT_STATES = {
    "ready": (gettext_noop("Belum dikirim"), "called"),
    "sent": (gettext_noop("Menunggu jawaban"), "waiting"),
    "paid": (gettext_noop("Sudah masuk"), "finished"),
    "bounced": (gettext_noop("Ditolak bank"), "no-show"),
    "void": (gettext_noop("Dibatalkan"), "parked"),
}
EVENTS = {
    "made": gettext_noop("Berkas dibuat"),
    "sent": gettext_noop("Dilepas untuk dikirim ke bank"),
    "taken_back": gettext_noop("Dibatalkan sebelum dikirim"),
    "fetched": gettext_noop("Berkas diunduh"),
    "answered": gettext_noop("Jawaban bank diterima"),
}


class BatchRow(NamedTuple):
    """An order with its state in words and the look of its tag."""

    batch: queries.BatchView
    state: str
    tag: str


class PaymentRow(NamedTuple):
    """A transfer with its state and, where the bank refused it, why."""

    payment: queries.PaymentView
    state: str
    tag: str
    why: str


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@of_region(*SEES_DRAWS)
def home(request: HttpRequest, region: Any) -> HttpResponse:
    """Show what is due, what waits and what has to be asked; or order what is due."""
    if request.method != "POST":
        return _home(request, region)
    refused = _not_a_payer(request, region)
    if refused:
        return refused
    try:
        batch = payments.make_batch(region.id, officer_id=_officer(request), now=clock.now())
    except Refusal as refusal:
        return _home(request, region, refusal)
    messages.success(
        request,
        gettext("Berkas %(code)s dibuat. Yang menyetujui klaimnya tidak bisa melepasnya.")
        % {"code": batch.code},
    )
    return redirect("payments_order", region.slug, batch.code)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@of_region(*SEES_DRAWS)
def order(request: HttpRequest, region: Any, code: str) -> HttpResponse:
    """Show one order; or release it, take it back, or hand out its file."""
    try:
        batch = queries.batch(region.id, code)
    except NotFound as refusal:
        raise Http404 from refusal
    if request.method != "POST":
        return _order(request, region, batch)
    refused = _not_a_payer(request, region)
    if refused:
        return refused
    try:
        return _moved(request, region, batch, request.POST.get("do", ""))
    except Refusal as refusal:
        return _order(request, region, queries.batch(region.id, code), refusal)


def _moved(request: HttpRequest, region: Any, batch: Any, do: str) -> HttpResponse:
    now, officer_id = clock.now(), _officer(request)
    if do in FORMS:
        name, content = payments.fetch(batch.id, form=do, officer_id=officer_id, now=now)
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(content, content_type=f"{FORMS[do]}; charset=utf-8", headers=headers)
    if do == "release":
        payments.note_sent(batch.id, officer_id=officer_id, now=now)
        messages.success(request, gettext("Berkas dilepas. Unduh, lalu kirim ke bank."))
    elif do == "take_back":
        payments.take_back(batch.id, officer_id=officer_id, now=now)
        messages.success(request, gettext("Berkas dibatalkan. Klaimnya menunggu dibayar lagi."))
    else:
        raise Http404
    return redirect("payments_order", region.slug, batch.code)


@require_POST
@of_region(PAYS)
def take_answer(request: HttpRequest, region: Any) -> HttpResponse:
    """Take in the file with which the bank answered."""
    sent = request.FILES.get("jawaban")
    try:
        if sent is None:
            raise AnswerMissing
        if (sent.size or 0) > MAX_BYTES:
            raise AnswerTooLarge(megabytes=MAX_BYTES // 1024 // 1024)
        report = payments.take_report(
            sent.read(), actor=actor(request), now=clock.now(), region_id=region.id
        )
    except Refusal as refusal:
        return _home(request, region, refusal)
    told = {"paid": report.paid, "bounced": report.bounced}
    messages.success(
        request,
        gettext("Jawaban bank dicatat: %(paid)s sudah masuk, %(bounced)s ditolak.") % told,
    )
    if queries.doubts(region.id):
        messages.warning(request, gettext("Ada pembayaran yang perlu ditanyakan ke bank."))
    return redirect("payments_order", region.slug, report.batch.code)


class AnswerMissing(Refusal):
    """The form came without a file."""

    code = "answer_missing"
    sentence = gettext_noop("Pilih dulu berkas jawaban dari bank.")


@require_POST
@of_region(PAYS)
def settle(request: HttpRequest, region: Any, payment_id: int) -> HttpResponse:
    """Write down what the bank said when it was asked about a payment."""
    arrived = {"ya": True, "tidak": False}.get(request.POST.get("masuk", ""))
    if arrived is None or payment_id not in {one.id for one in queries.doubts(region.id)}:
        raise Http404
    try:
        payments.settle(payment_id, arrived=arrived, officer_id=_officer(request), now=clock.now())
    except Refusal as refusal:
        return _home(request, region, refusal)
    messages.success(request, gettext("Jawaban dicatat."))
    return redirect("payments", region.slug)


@require_POST
@of_region(PAYS)
def ask_for_account(request: HttpRequest, region: Any, claim_id: int) -> HttpResponse:
    """Ask a claimant for another account where we can't pay to their bank."""
    if claim_id not in {one.claim_id for one in queries.due(region.id)}:
        raise Http404
    try:
        payments.ask_for_account(claim_id, officer_id=_officer(request), now=clock.now())
    except Refusal as refusal:
        return _home(request, region, refusal)
    messages.success(request, gettext("Peserta diminta memberi rekening lain."))
    return redirect("payments", region.slug)


def _home(request: HttpRequest, region: Any, refusal: Refusal | None = None) -> HttpResponse:
    due = queries.due(region.id)
    payable = [one for one in due if one.account.bank]
    context = {
        "region": region,
        "refused": refusal and sentence(refusal),
        "may_pay": _pays(request, region),
        "payable": payable[:SHOWN],
        "payable_count": len(payable),
        "payable_more": max(0, len(payable) - SHOWN),
        "most": MOST,
        "several": len(payable) > MOST,
        "payable_sum": sum((one.amount for one in payable), Decimal(0)),
        "unpayable": [one for one in due if not one.account.bank],
        "doubts": [_row(one) for one in queries.doubts(region.id)],
        "stuck": [_row(one) for one in queries.stuck(region.id, now=clock.now())],
        "ours": [_row(one) for one in queries.refused_by_us(region.id)],
        "batches": [_batch_row(one) for one in queries.batches(region.id)],
    }
    return render(request, "manager/payments.html", context, status=409 if refusal else 200)


def _order(
    request: HttpRequest, region: Any, batch: queries.BatchView, refusal: Refusal | None = None
) -> HttpResponse:
    rows, life = [_row(one) for one in queries.payments(batch.id)], queries.life(batch.id)
    context = {
        "region": region,
        "refused": refusal and sentence(refusal),
        "row": _batch_row(batch),
        "batch": batch,
        "rows": rows,
        "may_pay": _pays(request, region),
        "own": queries.approved_by(batch.id, _officer(request)),
        "life": [(gettext(EVENTS[one.kind]), one) for one in life],
        "fetched": next((one for one in reversed(life) if one.kind == "fetched"), None),
    }
    return render(request, "manager/payments_order.html", context, status=409 if refusal else 200)


def _batch_row(batch: queries.BatchView) -> BatchRow:
    state, tag = STATES[batch.state]
    return BatchRow(batch, gettext(state), tag)


def _row(payment: queries.PaymentView) -> PaymentRow:
    state, tag = PAYMENT_STATES[payment.state]
    return PaymentRow(payment, gettext(state), tag, payment.why and gettext(payment.why))


def _officer(request: HttpRequest) -> int:
    return int(request.user.pk or 0)


def _pays(request: HttpRequest, region: Any) -> bool:
    return PAYS in offices.region_roles(_officer(request), region)


def _not_a_payer(request: HttpRequest, region: Any) -> HttpResponse | None:
    """Return the page that refuses, to who may look and not pay."""
    return None if _pays(request, region) else render(request, "403.html", status=403)
