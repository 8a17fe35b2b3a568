"""What we hold as law and have not verified, as a page for whoever will verify it."""

from __future__ import annotations

from giliran.core.parameters import Dated, Law, Parameter
from giliran.rules.calendars import Decree

BEGIN = "<!-- unverified: begin -->"
END = "<!-- unverified: end -->"


def unverified(law: Law, decrees: tuple[Decree, ...]) -> str:
    """List in Markdown what comes from memory, what has open points, and what has one source."""
    held = [(one, dated) for one in law for dated in one.values]
    memory = [pair for pair in held if pair[1].confidence == "general"]
    points = [pair for pair in held if pair[1].unverified and pair not in memory]
    single = [pair for pair in held if pair[1].confidence == "single"]
    count = (
        f"Of {len(held)} values, {len(memory)} come from memory, {len(points)} have a source and "
        f"an open point, and {len(single)} rest on one source."
    )
    years = [
        f"- `calendar/{decree.year}`: {decree.unverified}"
        for decree in decrees
        if decree.unverified
    ]
    parts = {
        "From memory, without a source": _by_point(memory),
        "With a source, and an open point": [*_by_point(points), *years],
        "Rules with a value that rests on one source": sorted(
            {f"- `{one.key}`" for one, _ in single}
        ),
    }
    return "\n\n".join(
        [count, *(f"### {title}\n\n" + "\n".join(lines) for title, lines in parts.items())]
    )


def _by_point(pairs: list[tuple[Parameter, Dated]]) -> list[str]:
    """Say each open point once, with all the periods that it is about."""
    periods: dict[tuple[str, str, str], list[str]] = {}
    for one, dated in pairs:
        until = f" to {dated.until}" if dated.until else ""
        periods.setdefault((one.key, one.label_en, dated.unverified), []).append(
            f"{dated.since}{until}"
        )
    return [
        f"- `{key}` ({label}), from {', '.join(days)}: {point}"
        for (key, label, point), days in periods.items()
    ]


def with_list(page: str, listed: str) -> str:
    """Give the page with the list between its two marks replaced.

    Raises:
        ValueError: the page has no marks.

    """
    before, mark, rest = page.partition(BEGIN)
    _, closing, after = rest.partition(END)
    if not mark or not closing:
        raise ValueError(f"The page needs the two lines {BEGIN} and {END}.")
    return f"{before}{BEGIN}\n\n{listed}\n\n{END}{after}"
