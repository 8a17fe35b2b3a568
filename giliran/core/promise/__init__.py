"""From the line as it stands to the times in which people will be called."""

from giliran.core.promise.calibration import Calibration, Cell, Window
from giliran.core.promise.line import Counter, Expected, Line, Newcomer, Running, Stream
from giliran.core.promise.rescue import Rescue, Rescues, rescue
from giliran.core.promise.service_times import Factor, ServiceTimes
from giliran.core.promise.windows import Forecast, Windows, told, windows

__all__ = [
    "Calibration",
    "Cell",
    "Counter",
    "Expected",
    "Factor",
    "Forecast",
    "Line",
    "Newcomer",
    "Rescue",
    "Rescues",
    "Running",
    "ServiceTimes",
    "Stream",
    "Window",
    "Windows",
    "rescue",
    "told",
    "windows",
]
