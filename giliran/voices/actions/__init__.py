"""What can happen to a complaint; one action, one transaction.

Whoever complains needs no account, only the code of the receipt. These signatures are fixed:

    complain(*, request_key, channel, text, office=None, region=None, category="other",
             turn_code="", claim_code="", officer_id=None, is_about_officer=False, name="",
             phone="", is_anonymous=False, is_protected=False, is_proxy=False, language="id",
             subscriber=None, external_id="", actor="citizen", now) -> View
    voices.complaints.view(code, *, address="", now) -> View
    add(code, text, *, request_key, actor="citizen", now) -> View
    confirm(code, *, actor="citizen", now) -> View
    dispute(code, text, *, request_key, actor="citizen", now) -> View
    withdraw(code, *, actor="citizen", now) -> View
    attach(code, sent, *, actor="citizen", now) -> AttachmentView
"""

from giliran.voices.actions.attaching import attach, detach, look_at_attachment
from giliran.voices.actions.complaining import complain
from giliran.voices.actions.ending import erase_statements, lapse_silent
from giliran.voices.actions.handling import (
    acknowledge,
    answer,
    answer_group,
    assign,
    classify,
    escalate,
    forward,
    note,
    route,
)
from giliran.voices.actions.looking import Named, look_at_name, note_look
from giliran.voices.actions.reminding import remind_actions
from giliran.voices.actions.saying import add, confirm, dispute, withdraw
from giliran.voices.actions.warning import escalate_due
from giliran.voices.attachments import sweep
from giliran.voices.floods import forget_floods

__all__ = [
    "Named",
    "acknowledge",
    "add",
    "answer",
    "answer_group",
    "assign",
    "attach",
    "classify",
    "complain",
    "confirm",
    "detach",
    "dispute",
    "erase_statements",
    "escalate",
    "escalate_due",
    "forget_floods",
    "forward",
    "lapse_silent",
    "look_at_attachment",
    "look_at_name",
    "note",
    "note_look",
    "remind_actions",
    "route",
    "sweep",
    "withdraw",
]
