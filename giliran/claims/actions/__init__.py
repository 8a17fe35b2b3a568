"""What can happen to a claim; one action, one transaction."""

from giliran.claims.accounts import Account
from giliran.claims.actions.beginning import begin
from giliran.claims.actions.checking import ask_for_papers, check_paper, complete
from giliran.claims.actions.deciding import approve, refuse, send_back, verify
from giliran.claims.actions.ending import close, close_settled, drop_drafts, erase_statements
from giliran.claims.actions.filling import fill
from giliran.claims.actions.looking import note_look
from giliran.claims.actions.paying import mend_account, note_bounced, note_paid
from giliran.claims.actions.submitting import bring_paper, hold_for_visit, submit, withdraw
from giliran.claims.actions.warning import warn_due
from giliran.claims.statements import Claimant, claimant, parse_birth, parse_kpj

__all__ = [
    "Account",
    "Claimant",
    "approve",
    "ask_for_papers",
    "begin",
    "bring_paper",
    "check_paper",
    "claimant",
    "close",
    "close_settled",
    "complete",
    "drop_drafts",
    "erase_statements",
    "fill",
    "hold_for_visit",
    "mend_account",
    "note_bounced",
    "note_look",
    "note_paid",
    "parse_birth",
    "parse_kpj",
    "refuse",
    "send_back",
    "submit",
    "verify",
    "warn_due",
    "withdraw",
]
