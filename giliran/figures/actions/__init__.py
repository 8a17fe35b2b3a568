"""What is done about figures: alarms are raised and taken, reviews made, agreed on and signed."""

from giliran.figures.actions.alarming import AlarmOver, take, watch
from giliran.figures.actions.reviewing import (
    AlreadySigned,
    NotAfter,
    NothingSaid,
    NotTheHead,
    Place,
    agree,
    make,
    make_due,
    may_sign,
    settle,
    sign,
)

__all__ = [
    "AlarmOver",
    "AlreadySigned",
    "NotAfter",
    "NotTheHead",
    "NothingSaid",
    "Place",
    "agree",
    "make",
    "make_due",
    "may_sign",
    "settle",
    "sign",
    "take",
    "watch",
]
