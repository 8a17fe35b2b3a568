"""What somebody takes home who was registered for the draws at the door: a page, or paper."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from giliran.core.identifiers import written_code
from giliran.core.refusal import NotFound
from giliran.offices import queries as offices
from giliran.turns import applications
from giliran.web.citizen.takeaway import qr_svg
from giliran.web.counter.reach import of_region
from giliran.web.kiosk.printing import PrinterUnreachable, Receipt, receipt_bytes, send
from giliran.web.refusals import sentence
from giliran.web.staff import actor, may_open, roles_here
from giliran.web.templatetags.giliran import service_name

if TYPE_CHECKING:
    from giliran.offices.models import Kiosk
    from giliran.turns.models import Application
    from giliran.web.counter.asked import Asked

PRINTER_S = 2  # the person stands and waits


def show(asked: Asked, sent: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Show what the person takes home, to the officer who registered them."""
    application, address = _registered(asked, sent)
    context |= {
        "office": asked.office,
        "may": may_open(roles_here(asked.request, asked.office)),
        "application": application,
        "has_phone": bool(application.phone_index),
        "known_by": _known_by(application),
        "address": address,
        "qr": qr_svg(address),
        "printers": _printers(asked.office),
    }
    return render(asked.request, "staff/application_receipt.html", context, status=status)


def _registered(asked: Asked, sent: str) -> tuple[Application, str]:
    """Return an application that this officer registered and its page, or raise ``NotFound``."""
    application = of_region(asked, sent)
    if application.asked_by != actor(asked.request):
        raise NotFound
    address = reverse("application", args=[application.code])
    return application, asked.request.build_absolute_uri(address)


def _known_by(application: Application) -> datetime:
    return applications.next_closing(application.region, now=application.asked_at)


def _printers(office: Any) -> list[Kiosk]:
    return [kiosk for kiosk in offices.kiosks(office.id) if kiosk.printer]


def print_out(asked: Asked) -> HttpResponse:
    """Print the receipt on the ticket printer of a kiosk; the application stands whatever comes."""
    sent = asked.request.POST.get("application", "")
    application, address = _registered(asked, sent)
    chosen = asked.request.POST.get("kiosk", "")
    kiosk = next((one for one in _printers(asked.office) if str(one.id) == chosen), None)
    if kiosk is None:
        raise NotFound
    receipt = Receipt(
        office=asked.office.name,
        code=written_code(application.code),
        service=service_name(application.service),
        known_by=_known_by(application).astimezone(offices.zone(asked.office)),
        application_url=address,
        has_phone=bool(application.phone_index),
        paper_mm=58 if kiosk.paper_mm == 58 else 80,  # noqa: PLR2004 -- the two rolls there are
    )
    try:
        send(receipt_bytes(receipt), kiosk.printer, PRINTER_S)
    except PrinterUnreachable as refusal:
        return show(asked, sent, status=409, refused=sentence(refusal))
    messages.success(asked.request, gettext("Dicetak di printer tiket."))
    return lead_to(asked, application)


def lead_to(asked: Asked, application: Application) -> HttpResponse:
    address = reverse("door_apply", args=[asked.office.slug])
    return redirect(f"{address}?{urlencode({'permohonan': application.id})}")
