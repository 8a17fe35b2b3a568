"""What is done about figures: alarms are raised and taken, reviews made, agreed on and signed."""

from giliran.figures.actions.alarming import AlarmOver, take, watch

__all__ = [
    "AlarmOver",
    "take",
    "watch",
]
