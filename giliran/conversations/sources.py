"""Where a step's choices come from: services, offices, half-days, a person's own turns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext

from giliran.capacity import queries as capacity
from giliran.conversations import claiming, complaining, rating, rights
from giliran.conversations.holdings import application_of, my_turns, turn_of
from giliran.conversations.words import (
    half_name,
    of_offer,
    office_words,
    service_name,
    turn_words,
)
from giliran.conversations.world import World
from giliran.core.conversation import Choice, Offered
from giliran.core.conversation.reading import plain
from giliran.core.identifiers import written_code
from giliran.core.offers import nearest
from giliran.core.seats import DAYS, NOON
from giliran.core.turn import Move, State, possible
from giliran.offices import queries as offices
from giliran.turns import applications
from giliran.turns.wordings import spoken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from giliran.capacity.models import Offer
    from giliran.offices.models import Office, Region

    Known = Mapping[str, str]

OFFICES_AT_ONCE = 7
HALVES_AT_ONCE = 8
TURNS_AT_ONCE = 9
WORKING_DAYS = 5


def services(world: World, known: Known, language: str) -> Offered:
    return Offered(tuple(Choice(s.code, service_name(s)) for s in offices.services()))


def services_here(world: World, known: Known, language: str) -> Offered:
    office = offices.office(known["office"])
    found = offices.services(office_id=office.id)
    return Offered(
        tuple(Choice(s.code, service_name(s)) for s in found), known={"office_label": office.name}
    )


def offices_serving(world: World, known: Known, language: str) -> Offered:
    service = offices.service(known["service"])
    return _listed(world, offices.offices_serving(service.id), known)


def all_offices(world: World, known: Known, language: str) -> Offered:
    return _listed(world, offices.offices(), known)


def _listed(world: World, found: Sequence[Office], known: Known) -> Offered:
    """Return the nearest offices where a place is known, else the first; the clerk's own first."""
    by_id = {office.id: office for office in found}
    place = known.get("kept.place", "")
    if place:
        latitude, longitude = (float(part) for part in place.split(","))
        points = [(o.id, float(o.latitude), float(o.longitude)) for o in found]
        ranked = nearest(points, latitude, longitude, OFFICES_AT_ONCE)
        return Offered(
            tuple(
                Choice(by_id[office_id].slug, f"{_name(world, by_id[office_id])} ({_far(km)})")
                for office_id, km in ranked
            )
        )
    # Only there a place is sent with one press.
    hint = {"or_place": gettext("Lokasi juga bisa dikirim.")}
    fill = hint if world.mouth.name == "whatsapp" else {}
    own = world.conversation.office_id
    ordered = sorted(found, key=lambda office: office.id != own)
    listed = ordered[:OFFICES_AT_ONCE]
    return Offered(tuple(Choice(o.slug, _name(world, o)) for o in listed), fill=fill)


def _far(km: float) -> str:
    return f"{km:.0f} km" if km >= 1 else "<1 km"


def _name(world: World, office: Office) -> str:
    # WhatsApp's rows are as short as an SMS's lines.
    return spoken.place(office.name) if world.mouth.letters else office.name


def named_offices(world: World, source: str, text: str, known: Known) -> tuple[Choice, ...]:
    """Return the offices whose name, address or region holds every word of a text."""
    words = [word for word in plain(text).split() if word not in {"kantor", "di", "bpjs", "office"}]
    found = offices.offices()
    if source == "offices_serving":
        found = offices.offices_serving(offices.service(known["service"]).id)
    if not words:
        return ()
    # "KC Serang", as messages say it, and "Kantor Cabang Serang", as pages do.
    names = {o.id: f"{o.name} {spoken.place(o.name)}" for o in found}
    by_name = [o for o in found if _holds(names[o.id], words)]
    wider = by_name or [o for o in found if _holds(f"{names[o.id]} {o.address} {o.region}", words)]
    return tuple(Choice(o.slug, _name(world, o)) for o in wider)


def _holds(text: str, words: Sequence[str]) -> bool:
    there = plain(text).split()
    return all(any(one.startswith(word) for one in there) for word in words)


def office_only(world: World, known: Known, language: str) -> Offered:
    return Offered(fill=office_words(offices.office(known["office"])))


def half_days(world: World, known: Known, language: str) -> Offered:
    """Return the half-days in which an office has a window free, the coming first."""
    office = offices.office(known["office"])
    return _half_days(world, office, without=0)


def half_days_of_turn(world: World, known: Known, language: str) -> Offered:
    turn = turn_of(world, known)
    return _half_days(world, turn.office, without=turn.offer_id)


def _half_days(world: World, office: Office, *, without: int) -> Offered:
    found: dict[str, str] = {}
    for offer in _free(office, world.now):
        if offer.id != without:
            day, half = half_of(offer, office)
            found.setdefault(f"{day}-{half}", half_name(day, half))
    choices = [Choice(code, name) for code, name in found.items()]
    return Offered(tuple(choices[:HALVES_AT_ONCE]), fill=office_words(office))


def _free(office: Office, now: datetime) -> list[Offer]:
    return [o for o in capacity.free_windows(office.id, now=now) if o.starts_at > now]


def half_of(offer: Offer, office: Office) -> tuple[date, str]:
    local = offer.starts_at.astimezone(offices.zone(office))
    return local.date(), "am" if local.time() < NOON else "pm"


def first_window(office: Office, half: str, *, now: datetime, without: int = 0) -> Offer | None:
    """Return the first free window of a half-day ("2026-11-24-am"), or None."""
    for offer in _free(office, now):
        day, part = half_of(offer, office)
        if offer.id != without and f"{day}-{part}" == half:
            return offer
    return None


def week(world: World, known: Known, language: str) -> Offered:
    names = [gettext(name) for name in ("Senin", "Selasa", "Rabu", "Kamis", "Jumat")]
    halves = [
        Choice(f"{day}-{half}", f"{name} {gettext('pagi') if half == 'am' else gettext('siang')}")
        for day, name in zip(DAYS[:WORKING_DAYS], names, strict=True)
        for half in ("am", "pm")
    ]
    return Offered((Choice("any", gettext("Kapan saja")), *halves))


def summary(world: World, known: Known, language: str) -> Offered:
    """Say what is about to be asked for, and remember the window that is meant."""
    office = offices.office(known["office"])
    fill = {
        **office_words(office),
        "nik_masked": f"...{known['nik'][-4:]}",
        "first": f"\n{gettext('Didahulukan')}" if known.get("priority", "none") != "none" else "",
    }
    if known.get("way") == "drawn":
        closes = applications.next_closing(office.region, now=world.now)
        fill |= draw_words(closes, office.region)
        fill["when"] = known.get("halves_label", "")
        if known.get("any_near") == "ya":
            fill["near_words"] = f" {world.say('near_words', language)}"
        return Offered(fill=fill)
    offer = first_window(office, known["half"], now=world.now)
    if offer is None:
        return Offered(fill={**fill, "when": known.get("half_label", "")})
    return Offered(fill={**fill, **of_offer(offer, office)}, known={"offer": str(offer.id)})


def draw_words(closes: datetime, region: Region) -> dict[str, str]:
    day, clock = spoken.local_day(closes, region), spoken.clock(closes, region)
    return {
        "draw": f"{spoken.day(day)}, {clock}",
        "draw_short": f"{spoken.brief_day(day)} {clock}",
    }


def summary_of_move(world: World, known: Known, language: str) -> Offered:
    turn = turn_of(world, known)
    offer = first_window(turn.office, known["half"], now=world.now, without=turn.offer_id)
    if offer is None:
        return Offered(fill={"when": known.get("half_label", ""), "when_short": ""})
    return Offered(fill=of_offer(offer, turn.office), known={"offer": str(offer.id)})


def turns(world: World, known: Known, language: str) -> Offered:
    found = my_turns(world, known)[:TURNS_AT_ONCE]
    return Offered(
        tuple(
            Choice(str(turn.id), f"{turn.code[4:]} {spoken.brief_day(turn.day)}") for turn in found
        )
    )


def turn(world: World, known: Known, language: str) -> Offered:
    """Say how a turn stands, and offer what is possible with it now."""
    found = turn_of(world, known)
    can = possible(State(found.state))
    is_over = found.window_till is not None and found.window_till <= world.now
    acts = []
    if found.state == State.BOOKED and not is_over:
        acts += ["confirm", "leave"]
    if Move.RESCHEDULE in can and not is_over:
        acts.append("move")
    if Move.CANCEL in can:
        acts.append("cancel")
    names = {
        "confirm": gettext("Saya datang"),
        "leave": gettext("Kapan berangkat"),
        "move": gettext("Pindah jam"),
        "cancel": gettext("Batalkan"),
        "menu": gettext("Menu"),
    }
    choices = tuple(Choice(act, names[act]) for act in (*acts, "menu"))
    return Offered(choices, fill=turn_words(world, found, language))


def turn_only(world: World, known: Known, language: str) -> Offered:
    return Offered(fill=turn_words(world, turn_of(world, known), language))


def application(world: World, known: Known, language: str) -> Offered:
    found = application_of(world, known)
    result = applications.next_result(found, now=world.now)
    state = world.say("application_over", language)
    if result is not None:
        state = world.say("application_open", language, **draw_words(result, found.region))
    said = world.say(
        "application",
        language,
        code=written_code(found.code),
        service=service_name(found.service),
        state=state,
        link=world.page(reverse("application", args=[found.code])),
    )
    return Offered(fill={"application": said, "application_short": said})


def office_told(world: World, known: Known, language: str) -> Offered:
    """Say where an office is, whether it is open, and when a window is free."""
    office = offices.office(known["office"])
    fill = {
        **office_words(office),
        "address": office.address,
        "hours": hours(world, office, language),
    }
    free = capacity.next_free_window(office.id, now=world.now)
    if free is not None:
        fill["free"] = world.say("next_free", language, **of_offer(free, office))
    said = world.say("office_told", language, **fill)
    return Offered(fill={"office_told": said, "office_told_short": said})


def hours(world: World, office: Office, language: str) -> str:
    """Say until when an office is open, or when it opens again."""
    today = offices.local_day(office, world.now)
    for day, _opening in offices.open_days(office, today, 2):
        moments = offices.opening_moments(office, day)
        if moments is None or moments[1] <= world.now:
            continue
        if moments[0] <= world.now:
            return world.say("open_now", language, time=spoken.clock(moments[1], office))
        opens = f"{spoken.brief_day(day)} {spoken.clock(moments[0], office)}"
        return world.say("open_next", language, when=opens)
    return world.say("shut", language)


SOURCES: dict[str, Callable[[World, Known, str], Offered]] = {
    "services": services,
    "services_here": services_here,
    "offices_serving": offices_serving,
    "offices": all_offices,
    "office_words": office_only,
    "half_days": half_days,
    "half_days_of_turn": half_days_of_turn,
    "week": week,
    "summary": summary,
    "summary_of_move": summary_of_move,
    "turns": turns,
    "turn": turn,
    "turn_words": turn_only,
    "application": application,
    "claims": claiming.which,
    "claim": claiming.told,
    "claim_papers": claiming.papers,
    "complaints": complaining.which,
    "complaint": complaining.told,
    "opinion_element": rating.element,
    "right": rights.question,
    "right_told": rights.told,
    "office_told": office_told,
}
