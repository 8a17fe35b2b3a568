"""Pictures of what was played, as SVG or PNG. matplotlib is loaded only when one is asked for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from giliran.lab.office import CLASSES, Estimate, Run, figures
from giliran.lab.office.figures import ALL, estimate, student_975

ENDINGS: Final = (".svg", ".png")
# Okabe & Ito: told apart also by who doesn't see red and green. Lines and marks differ as well.
_COLOURS: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#000000")
_DASHES: Final = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)))
_MARKS: Final = ("o", "s", "^", "D", "v", "P")
_SHOWN_SHARE: Final = 0.98  # the axis of waits ends where so many had been called
_MINUTE: Final = 2  # bins of half a minute


class Panel(NamedTuple):
    """Rows of dots: for each scenario and row an estimate."""

    axis: str
    rows: Sequence[str]
    dots: Mapping[str, Sequence[Estimate]]
    ends_at: float | None = None
    """The end of the axis, where it is known (100 %)."""


def save_waits(path: Path, runs: Mapping[str, Run], *, title: str, said: str) -> None:
    """Draw how long the served waited, scenario by scenario; the ending names the format."""
    with _page(path, title, said, size=(12.0, 5.6), panels=2) as (left, right):
        _curves(left, runs)
        found = {name: figures(run) for name, run in runs.items()}
        groups = (ALL, *CLASSES)
        _dots(
            right,
            Panel(
                "nine in ten of the served waited at most, minutes",
                ["everybody", *(_words(one) for one in CLASSES)],
                {
                    name: [estimate(each[f"wait_p90_minutes.{group}"]) for group in groups]
                    for name, each in found.items()
                },
            ),
        )
        handles, names = left.get_legend_handles_labels()
        left.figure.legend(handles, names, loc="outside lower center", ncols=len(names))


def save_panels(path: Path, panels: Sequence[Panel], *, title: str, said: str) -> None:
    """Draw panels of dots with their intervals beside each other, with the same rows."""
    rows, many = len(panels[0].rows), len(panels[0].dots)
    size = (3.1 * len(panels) + 1.6, 1.8 + rows * (0.24 + 0.14 * many))
    with _page(path, title, said, size=size, panels=len(panels), shared=True) as axes:
        for place, (axis, panel) in enumerate(zip(axes, panels, strict=True)):
            _dots(axis, panel, named=place == 0)
        handles, names = axes[0].get_legend_handles_labels()
        axes[0].figure.legend(handles, names, loc="outside lower center", ncols=len(names))


@contextmanager
def _page(
    path: Path,
    title: str,
    said: str,
    *,
    size: tuple[float, float],
    panels: int,
    shared: bool = False,
) -> Iterator[Any]:
    """Open a figure without a screen, and write it: the same words give the same bytes."""
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    looks: dict[Any, Any] = {
        "svg.fonttype": "none",  # words stay words: searched, read aloud
        "svg.hashsalt": "giliran",
        "font.family": "sans-serif",
        "font.size": 10.5,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "grid.color": "#dddddd",
    }
    with mpl.rc_context(looks):
        figure = Figure(figsize=size, layout="constrained")
        FigureCanvasAgg(figure)
        figure.suptitle(f"{title}\n", fontsize=13, fontweight="bold", x=0.01, ha="left")
        figure.text(0.01, 1 - 0.42 / size[1], said, fontsize=9.5, color="#333333", va="top")
        yield figure.subplots(1, panels, sharey=shared)
        about = {"Title": title, "Description": said}
        if path.suffix.lower() == ".svg":
            figure.savefig(path, format="svg", metadata={**about, "Date": None})
        else:
            figure.savefig(path, format="png", dpi=144, metadata=about)


def _curves(axis: Any, runs: Mapping[str, Run]) -> None:
    """Draw the share of the served who had been called after so many minutes, with its band."""
    longest, curves = 1, []
    for name, run in runs.items():
        mean, half, upto = _called_within(run)
        longest = max(longest, upto)
        curves.append((name, mean, half))
    for place, (name, whole, around) in enumerate(curves):
        mean, half = whole[: longest + 1], around[: longest + 1]
        minutes = np.arange(len(mean)) / _MINUTE
        colour = _COLOURS[place % len(_COLOURS)]
        axis.fill_between(minutes, mean - half, mean + half, color=colour, alpha=0.25, lw=0)
        axis.plot(
            minutes,
            mean,
            color=colour,
            ls=_DASHES[place % len(_DASHES)],
            marker=_MARKS[place % len(_MARKS)],
            markevery=(place, max(1, longest // 8)),
            label=name,
            lw=1.8,
        )
    axis.set_xlim(0, math.ceil(longest / _MINUTE / 10) * 10)
    axis.set_ylim(0, 100)
    axis.set_xlabel("minutes waited")
    axis.set_ylabel("share of the served, %")


def _called_within(run: Run) -> tuple[Any, Any, int]:
    """Percent of the served by half-minute, half of the 95 % interval, and where the axis ends."""
    heaps = run.waits[0].sum(axis=1, dtype=np.float64)  # [replication, half-minute]
    heaps = heaps[heaps.sum(axis=1) > 0]
    many = len(heaps)
    if many == 0:
        return np.zeros(1), np.zeros(1), 1
    within = np.cumsum(heaps, axis=1)
    within = np.hstack([np.zeros((many, 1)), 100 * within / within[:, -1:]])
    mean = within.mean(axis=0)
    half = np.zeros_like(mean)
    if many > 1:
        half = student_975(many - 1) * within.std(axis=0, ddof=1) / math.sqrt(many)
    return mean, half, int(np.searchsorted(mean, 100 * _SHOWN_SHARE))


def _dots(axis: Any, panel: Panel, *, named: bool = True) -> None:
    many = len(panel.dots)
    for place, (name, estimates) in enumerate(panel.dots.items()):
        shift = (place - (many - 1) / 2) * 0.62 / max(1, many - 1) if many > 1 else 0.0
        axis.errorbar(
            [one.mean for one in estimates],
            np.arange(len(estimates)) + shift,
            xerr=[0.0 if math.isnan(one.half) else one.half for one in estimates],
            fmt=_MARKS[place % len(_MARKS)],
            color=_COLOURS[place % len(_COLOURS)],
            label=name,
            ms=5.5,
            capsize=3,
        )
    axis.set_xlabel(panel.axis)
    axis.set_yticks(range(len(panel.rows)), panel.rows)
    axis.tick_params(axis="y", labelleft=named)
    axis.set_ylim(len(panel.rows) - 0.5, -0.5)
    axis.set_xlim(0, panel.ends_at)
    axis.grid(visible=False, axis="y")
    for edge in range(1, len(panel.rows)):
        axis.axhline(edge - 0.5, color="#eeeeee", lw=0.8)


def _words(name: str) -> str:
    return name.replace("walk_in", "walk-in").replace("_", " ")
