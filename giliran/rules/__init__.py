"""What the law says, as dated files, and the one loader."""

from giliran.rules.calendars import calendar, decrees
from giliran.rules.loader import load, load_from
from giliran.rules.reading import RulesError

__all__ = ["RulesError", "calendar", "decrees", "load", "load_from"]
