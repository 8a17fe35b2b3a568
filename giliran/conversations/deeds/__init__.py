"""What a conversation does; the outcomes of each are the ways in `dialogue.yaml`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from giliran.conversations import rights
from giliran.conversations.deeds import (
    asking,
    claiming,
    complaining,
    handing,
    holding,
    photographing,
    rating,
    speaking,
)
from giliran.conversations.world import World
from giliran.core.conversation import Outcome, Said

Deed = Callable[[World, Mapping[str, str], Said, str], Outcome]

DEEDS: Mapping[str, Deed] = {
    "how_given": asking.how_given,
    "which_confirm": asking.which_confirm,
    "book": asking.book,
    "apply": asking.apply,
    "say_no_office": asking.say_no_office,
    "find_mine": holding.find_mine,
    "find_named": holding.find_named,
    "find_to_confirm": holding.find_to_confirm,
    "act": holding.act,
    "tell_leaving": holding.tell_leaving,
    "confirm": holding.confirm,
    "move": holding.move,
    "say_no_window": holding.say_no_window,
    "cancel": holding.cancel,
    "withdraw": holding.withdraw,
    "say_kept": holding.say_kept,
    "take_answer": rights.take_answer,
    "take_document": handing.take_document,
    "hand_document": handing.hand_document,
    "find_claims": claiming.find_claims,
    "name_claim": claiming.name_claim,
    "track_claim": claiming.track_claim,
    "which_file": claiming.which_file,
    "give_paper": claiming.give_paper,
    "give_kept": claiming.give_kept,
    "insist_paper": claiming.insist_paper,
    "submit_claim": claiming.submit_claim,
    "begin_claim": claiming.begin_claim,
    "hand_claim": handing.hand_claim,
    "hand_call": handing.hand_call,
    "hear_complaint": complaining.hear_complaint,
    "how_named": complaining.how_named,
    "photo_first": photographing.photo_first,
    "complain": complaining.complain,
    "give_photo": photographing.give_photo,
    "find_complaint": complaining.find_complaint,
    "settle_complaint": complaining.settle_complaint,
    "dispute_complaint": complaining.dispute_complaint,
    "add_to_complaint": complaining.add_to_complaint,
    "rate": rating.rate,
    "rate_element": rating.rate_element,
    "seek_human": handing.seek_human,
    "open_talk": handing.open_talk,
    "to_officer": handing.to_officer,
    "break_off": speaking.break_off,
    "opt_out": speaking.opt_out,
    "opt_in": speaking.opt_in,
}
