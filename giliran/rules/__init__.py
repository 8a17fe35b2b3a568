"""What the law says, as dated files, and the one loader."""

from giliran.rules.calendars import Decree, calendar, decrees, decrees_from
from giliran.rules.loader import load, load_from
from giliran.rules.reading import RulesError

__all__ = ["Decree", "RulesError", "calendar", "decrees", "decrees_from", "load", "load_from"]
