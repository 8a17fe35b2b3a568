"""Taking a turn: booking a window, or applying where places are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.urls import reverse

from giliran.capacity import queries as capacity
from giliran.conversations.holdings import KEPT_APPLICATIONS, KEPT_TURNS, with_kept
from giliran.conversations.sources import draw_words
from giliran.conversations.words import turn_fill, worded
from giliran.conversations.world import World
from giliran.core.conversation import Outcome, Said
from giliran.core.identifiers import written_code
from giliran.core.offers import nearest
from giliran.core.refusal import BadInput, Refusal
from giliran.core.seats import Wish
from giliran.messages import actions as messages
from giliran.offices import queries as offices
from giliran.turns import actions as turns
from giliran.turns import applications
from giliran.turns.refusals import NoPlaceLeft
from giliran.turns.wordings import spoken

if TYPE_CHECKING:
    from giliran.offices.models import Office

Known = Mapping[str, str]


def how_given(world: World, known: Known, said: Said, language: str) -> Outcome:
    """Find out whether places are drawn or booked where the person wants to go."""
    office = offices.office(known["office"])
    if office.region.draw_at is not None:
        return Outcome("drawn", known={"way": "drawn"})
    if capacity.next_free_window(office.id, now=world.now) is None:
        return Outcome("none", known={"way": "booked"})
    return Outcome("booked", known={"way": "booked"})


def which_confirm(world: World, known: Known, said: Said, language: str) -> Outcome:
    return Outcome(known.get("way", "booked"))


def say_no_office(world: World, known: Known, said: Said, language: str) -> Outcome:
    return Outcome("done", (world.say("no_office", language),))


def _asker(world: World, known: Known) -> turns.Asker:
    return turns.asker(nik=known["nik"], name=known["name"], phone=world.phone)


def book(world: World, known: Known, said: Said, language: str) -> Outcome:
    """Take the window that was confirmed."""
    try:
        turn = turns.book(
            _asker(world, known),
            offer_id=int(known.get("offer", "0")),
            service_id=offices.service(known["service"]).id,
            request_key=world.request_key(),
            is_priority=known.get("priority", "none") != "none",
            channel=world.conversation.channel,
            actor=world.actor,
            now=world.now,
        )
    except NoPlaceLeft as refusal:
        return Outcome("gone", (worded(refusal),))
    except BadInput as refusal:
        return Outcome("again", (worded(refusal),))
    except Refusal as refusal:
        return Outcome("refused", (_sorry(world, refusal, language),))
    _tell_here(world, "turn", turn.id)
    fill = turn_fill(world, turn, language)
    fill |= {"link_short": fill["link"], "papers": spoken.papers(turn.service.code)}
    return Outcome(
        "booked",
        (world.say("booked", language, **fill),),
        {KEPT_TURNS: with_kept(known, KEPT_TURNS, turn.id)},
    )


def apply(world: World, known: Known, said: Said, language: str) -> Outcome:
    """Put the person into the region's draws."""
    office = offices.office(known["office"])
    halves = known["halves"].split(",")
    priority = known.get("priority", "none")
    terms = turns.Terms(
        Wish(
            (office.id,),
            any_near=known.get("any_near") == "ya",
            halves=() if "any" in halves else tuple(halves),
        ),
        home_id=_home_id(office, known),
        is_priority=priority != "none",
        shown_by="" if priority == "none" else priority,
    )
    try:
        application = turns.apply(
            _asker(world, known),
            terms,
            service_id=offices.service(known["service"]).id,
            request_key=world.request_key(),
            channel=world.conversation.channel,
            actor=world.actor,
            address=world.speaker.address
            or ("" if world.conversation.officer_id else world.speaker.key),
            now=world.now,
        )
    except BadInput as refusal:
        return Outcome("again", (worded(refusal),))
    except Refusal as refusal:
        return Outcome("refused", (_sorry(world, refusal, language),))
    _tell_here(world, "application", application.id)
    closes = applications.first_result(application, now=world.now)
    is_told = world.conversation.contact_id is not None
    link = world.page(reverse("application", args=[application.code]))
    said_back = world.say(
        "applied",
        language,
        code=written_code(application.code),
        told=world.say("told_here" if is_told else "told_page", language),
        link=link,
        link_short=link,
        **draw_words(closes, office.region),
    )
    kept = with_kept(known, KEPT_APPLICATIONS, application.id)
    return Outcome("applied", (said_back,), {KEPT_APPLICATIONS: kept})


def _home_id(office: Office, known: Known) -> int | None:
    """Return the district nearest to a place that was sent; nobody is asked for it."""
    place = known.get("kept.place", "")
    homes = {home.id: home for home in offices.home_areas(office.region_id)} if place else {}
    if not homes:
        return None
    points = [(h.id, float(h.latitude), float(h.longitude)) for h in homes.values()]
    latitude, longitude = (float(part) for part in place.split(","))
    return nearest(points, latitude, longitude, 1)[0][0]


def _tell_here(world: World, subject: str, subject_id: int) -> None:
    """Let the channel on which somebody asked be told: they wrote from there."""
    if world.conversation.contact_id is not None:
        messages.subscribe(
            world.conversation.contact_id, subject=subject, subject_id=subject_id, now=world.now
        )


def _sorry(world: World, refusal: Refusal, language: str) -> str:
    return world.say("already", language, refusal=worded(refusal))
