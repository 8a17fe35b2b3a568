"""What can happen to an office's capacity; one action, one transaction."""

from giliran.capacity.actions.noting import note_work
from giliran.capacity.actions.offering import (
    PlacesAlreadyPromised,
    give_back_place,
    give_drawn_places,
    hold_places,
    offer_coming_days,
    offer_day,
    open_held_to_the_door,
    put_held_on_sale,
    set_open,
    set_places,
    take_held_place,
    take_place,
)
from giliran.capacity.actions.overriding import ReasonMissing, override_places
from giliran.capacity.actions.replanning import Replanned, replan
from giliran.capacity.actions.sitting import (
    CounterTaken,
    OfficerSitsElsewhere,
    close_counter,
    open_counter,
)
from giliran.capacity.places import plan

__all__ = [
    "CounterTaken",
    "OfficerSitsElsewhere",
    "PlacesAlreadyPromised",
    "ReasonMissing",
    "Replanned",
    "close_counter",
    "give_back_place",
    "give_drawn_places",
    "hold_places",
    "note_work",
    "offer_coming_days",
    "offer_day",
    "open_counter",
    "open_held_to_the_door",
    "override_places",
    "plan",
    "put_held_on_sale",
    "replan",
    "set_open",
    "set_places",
    "take_held_place",
    "take_place",
]
