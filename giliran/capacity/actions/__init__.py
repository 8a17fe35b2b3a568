"""What can happen to an office's capacity; one action, one transaction."""

from giliran.capacity.actions.noting import note_needs, note_work
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
from giliran.capacity.actions.overriding import (
    Cost,
    ReasonMissing,
    cost_of,
    is_counted,
    override_places,
)
from giliran.capacity.actions.replanning import Replanned, replan
from giliran.capacity.actions.rostering import (
    NotAMonday,
    RosterBreaksRules,
    RosterNotReady,
    WeekIsOver,
    make_roster,
    publish_roster,
    replan_week,
    solve_roster,
)
from giliran.capacity.actions.shifting import (
    ShiftBreaksRule,
    add_shift,
    cancel_shift,
    put_shift,
    swap_shifts,
)
from giliran.capacity.actions.sitting import (
    CounterTaken,
    OfficerSitsElsewhere,
    close_counter,
    open_counter,
)
from giliran.capacity.places import plan

__all__ = [
    "Cost",
    "CounterTaken",
    "NotAMonday",
    "OfficerSitsElsewhere",
    "PlacesAlreadyPromised",
    "ReasonMissing",
    "Replanned",
    "RosterBreaksRules",
    "RosterNotReady",
    "ShiftBreaksRule",
    "WeekIsOver",
    "add_shift",
    "cancel_shift",
    "close_counter",
    "cost_of",
    "give_back_place",
    "give_drawn_places",
    "hold_places",
    "is_counted",
    "make_roster",
    "note_needs",
    "note_work",
    "offer_coming_days",
    "offer_day",
    "open_counter",
    "open_held_to_the_door",
    "override_places",
    "plan",
    "publish_roster",
    "put_held_on_sale",
    "put_shift",
    "replan",
    "replan_week",
    "set_open",
    "set_places",
    "solve_roster",
    "swap_shifts",
    "take_held_place",
    "take_place",
]
