"""Whose cards are found to be one person's, whose wrongly, and how long a register takes.

    python -m bench.matching [--quick] [--json]

A made register: as many people share a birth date as in one of a million cards (some 55), 2 %
have a second card on another NIK, with the name written differently. Half of those NIKs differ by
a slip, half wholly. Names come half from lists of common words, the most common most often, and
half from a long tail; ``namesakes_per_million_pairs`` says how often two people have one name.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bench.database import database
from bench.measure import say_result

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
PER_BIRTH_DATE = 55  # a million cards of people born on some 18,000 days
SPLIT = 0.02


def words(text: str) -> list[str]:
    return text.split()


MEN = words(
    "Muhammad Ahmad Agus Budi Joko Eko Slamet Bambang Hendra Dedi Asep Rizki Yusuf Andi Rudi "
    "Heri Iwan Dwi Tri Wahyu Bayu Fajar Rahmat Hasan Husein Ali Umar Abdul Usman Ibrahim "
    "Sujono Sutrisno Suparman Supriyadi Sugeng Suharto Mulyono Hartono Widodo Sugianto "
    "Darmawan Taufik Arif Syamsul Khairul Zainal Fauzi Ridwan Imam Nur Indra Yudi Ujang Cecep "
    "Dadang Maman Karyono"
)
WOMEN = words(
    "Siti Sri Dewi Nur Rina Ani Yanti Wati Lestari Fitri Maya Ratna Endang Sumiati Suharti "
    "Kartini Aisyah Fatimah Khadijah Aminah Nurhayati Rohmah Mariam Dwi Tri Eka Indah Ayu "
    "Putri Yuli Tuti Lilis Neneng Euis Imas Titin Entin Sulastri Suwarsih Sutini Painem "
    "Ngatini Juminten Dian"
)
LAST = words(
    "Santoso Hidayat Saputra Gunawan Pratama Kurniawan Firmansyah Maulana Setiawan Ramadhan "
    "Nugroho Wijaya Susanto Prasetyo Wibowo Hermawan Sanjaya Siregar Nasution Harahap "
    "Simanjuntak Hakim Anwar Arifin Hamzah Fadilah Rosyid Mustofa Hanafi Zulkarnain Hasibuan "
    "Lubis Tanjung Suryadi Iskandar Permana Sudrajat Suhendar Rohman Fauzan Syahputra Cahyono "
    "Utomo Purnomo"
)
LAST_WOMEN = words(
    "Aminah Lestari Wulandari Rahmawati Handayani Permatasari Anggraini Susanti Suryani "
    "Nurhaliza Hasanah Maryam Khasanah Rohayati Sulistyowati Setyowati Puspitasari Oktaviani "
    "Ningsih Astuti Utami Maharani Safitri Wahyuni Hartati Suhartini Mulyani Yuniarti "
    "Kusumawati Fauziah Zahra Komariah Rukmini Sumarni Sunarti Wijayanti Pertiwi Damayanti "
    "Novitasari Apriliani"
)


BEGIN = words("Su Ka Wi Har Mul Nur Ri Da Ar Yu Pur Sar Ten Lam Bu Ang Jo Kus Mar Pra Tu Han Ra Wa")
MIDDLE = words("gi har mi tri yan wi di ri ja li man nar ka si lu pri ra to ba")
END_MEN = words("anto yono adi wan no yadi man din to arto yanto sono jo yo us ar im")
END_WOMEN = words("ati ningsih ah yati wati ni ita sih yanti arti lah ana asari iyah tin ina")


def drawn(chance: random.Random, known: list[str], endings: list[str]) -> str:
    """Draw a word of a name: half from the lists, half from the long tail that no list has."""
    which = chance.random()
    if which < 0.08:
        return known[min(int(chance.paretovariate(0.9)) - 1, len(known) - 1)]
    if which < 0.5:
        return chance.choice(known)
    return _rare(chance, endings)


def _rare(chance: random.Random, endings: list[str]) -> str:
    return chance.choice(BEGIN) + chance.choice(MIDDLE) + chance.choice(endings)


def made_name(chance: random.Random, *, woman: bool) -> str:
    first, last, ends = (WOMEN, LAST_WOMEN, END_WOMEN) if woman else (MEN, LAST, END_MEN)
    n = chance.choices((1, 2, 3), (12, 58, 30))[0]
    if n == 1:
        return chance.choice(first) if chance.random() < 0.05 else _rare(chance, ends)
    made = [drawn(chance, first, ends) for _ in range(n - 1)] + [drawn(chance, last, ends)]
    return " ".join(dict.fromkeys(made))


def _slip(name: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(name) - 1)
    other = chance.choice("aiueonrstkm")
    return chance.choice(
        (
            name[:at] + name[at + 1 :],
            name[:at] + other + name[at + 1 :],
            name[:at] + name[at + 1] + name[at] + name[at + 2 :],
        )
    )


def _old(name: str) -> str:
    new = re.sub("[Uu]", lambda m: "oe" if m[0] == "u" else "Oe", name)
    new = re.sub("j", "dj", re.sub("J", "Dj", new))
    new = re.sub("c(?!h)", "tj", re.sub("C(?!h)", "Tj", new))
    return re.sub("y(?=[aiueo])", "j", re.sub("Y", "J", new))


def _sounds(name: str) -> str:
    for old, new in (
        ("f", "p"),
        ("Kh", "Ch"),
        ("Sy", "S"),
        ("yo", "io"),
        ("ki", "ky"),
        ("di", "dy"),
        ("dh", "d"),
        ("mm", "m"),
        ("ah", "a"),
        ("Z", "J"),
        ("sy", "s"),
    ):
        if old in name:
            return name.replace(old, new)
    return name + "h" if name[-1] in "ai" else name.replace("t", "th", 1)


VARIANTS = {
    "capitals": lambda name, _: name.upper(),
    "titles": lambda name, c: c.choice(
        ("H. {}", "Drs. {}, M.M.", "{}, S.E.", "Hj. {}", "Ir. {}")
    ).format(name),
    "short": lambda name, c: (
        name.replace("Muhammad", c.choice(("M.", "Muh.", "Moch", "Mohd")))
        .replace("Siti", c.choice(("St.", "Sitti")))
        .replace("Abdul", "Abd.")
    ),
    "old": lambda name, _: _old(name),
    "sounds": lambda name, _: _sounds(name),
    "slip": _slip,
    "order": lambda name, _: " ".join(reversed(name.split())),
    "joined": lambda name, _: name.replace(" ", "", 1),
    "word_left_out": lambda name, _: " ".join(name.split()[:-1]) or name,
    "father": lambda name, c: f"{name} bin {c.choice(MEN)}",
}


def made_nik(chance: random.Random, birth: date, *, woman: bool) -> str:
    day = birth.day + 40 * woman
    region = f"{chance.choice((3171, 3201, 3273, 3374, 3578, 3603, 3604, 3671))}"
    return (
        f"{region}{chance.randrange(1, 31):02d}{day:02d}{birth:%m%y}{chance.randrange(1, 9999):04d}"
    )


def slipped(nik: str, chance: random.Random) -> str:
    at = chance.choice((2, 3, 4, 5, 12, 13, 14, 15))
    digit = str((int(nik[at]) + chance.randrange(1, 10)) % 10)
    return nik[:at] + digit + nik[at + 1 :]


def people(cards: int, chance: random.Random) -> list[tuple[int, str, str, str, str]]:
    """Return (person, kind of variant or "", NIK, name, birth date) for each card."""
    births = max(1, cards // PER_BIRTH_DATE)
    used: set[str] = set()
    made = []
    while len(made) < cards:
        birth = date(1965, 1, 1) + timedelta(days=7 * chance.randrange(births) % 18_000)
        woman = chance.random() < 0.45
        nik, name = made_nik(chance, birth, woman=woman), made_name(chance, woman=woman)
        if nik in used:
            continue
        used.add(nik)
        person = len(made)
        made.append((person, "", nik, name, birth.isoformat()))
        if chance.random() < SPLIT:
            kind = chance.choice(sorted(VARIANTS))
            written = VARIANTS[kind](name, chance)
            other = (
                slipped(nik, chance)
                if chance.random() < 0.5
                else made_nik(chance, birth, woman=woman)
            )
            if written != name and other not in used:
                used.add(other)
                made.append((person, kind, other, written, birth.isoformat()))
    return made


def fill(made: list[tuple[int, str, str, str, str]]) -> None:
    from django.db import connection

    from giliran.encryption import blind_index, seal

    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        with cursor.copy(
            "COPY people_citizen (id, nik_index, nik_sealed, first_seen_at) FROM STDIN"
        ) as copy:
            for n, (_, _, nik, _, _) in enumerate(made, 1):
                copy.write_row((n, blind_index(nik), seal(nik), NOW))
        with cursor.copy(
            "COPY people_card (id, kpj, citizen_id, segment, name_sealed, name_index, birth_sealed,"
            " birth_index, phone_sealed, opened_on, imported_at, content_index) FROM STDIN"
        ) as copy:
            for n, (_, _, _, name, birth) in enumerate(made, 1):
                copy.write_row(
                    (
                        n,
                        f"{n:011d}",
                        n,
                        "PU",
                        seal(name),
                        blind_index(name),
                        seal(birth),
                        blind_index(birth),
                        b"",
                        date(2015, 7, 1),
                        NOW,
                        b"",
                    )
                )
        cursor.execute("ANALYZE people_card, people_citizen, people_newcard")


def measure(cards: int) -> dict[str, Any]:
    from giliran.core.likeness import fold
    from giliran.people import matching
    from giliran.people.models import Match

    made = people(cards, random.Random(6))
    started = time.perf_counter()
    fill(made)
    filled = time.perf_counter() - started
    kept, matching.THRESHOLD = matching.THRESHOLD, 70
    started = time.perf_counter()
    while matching.search_next(now=NOW):
        pass
    seconds = time.perf_counter() - started
    matching.THRESHOLD = kept
    names = Counter(str(fold(name).words) for *_, name, _ in made)
    namesakes = sum(n * (n - 1) for n in names.values()) / (len(made) * (len(made) - 1))
    splits = {(person, kind) for person, kind, *_ in made if kind}
    found = [
        (made[a - 1][0] == made[b - 1][0], made[b - 1], likeness)
        for a, b, likeness in Match.objects.values_list("first_id", "second_id", "likeness")
    ]
    result: dict[str, Any] = {
        "cards": len(made),
        "splits": len(splits),
        "namesakes_per_million_pairs": 1e6 * namesakes,
        "commonest_name_share": names.most_common(1)[0][1] / len(made),
        "fill_s": filled,
        "search_s": seconds,
        "cards_per_second": len(made) / seconds,
    }
    for threshold in (70, 75, 80, 85, 90, 95):
        right = [card for is_one, card, likeness in found if is_one and likeness >= threshold]
        wrong = sum(not is_one and likeness >= threshold for is_one, _, likeness in found)
        result[f"precision_{threshold}"] = len(right) / max(1, len(right) + wrong)
        result[f"recall_{threshold}"] = len(right) / len(splits)
        result[f"found_{threshold}"] = len(right) + wrong
    of_kind = Counter(kind for _, kind in splits)
    seen = Counter(card[1] for is_one, card, likeness in found if is_one and likeness >= kept)
    result["recall_by_kind"] = {kind: round(seen[kind] / n, 3) for kind, n in of_kind.items()}
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the cards")
    parser.add_argument("--json", action="store_true", help="only the last line matters")
    arguments = parser.parse_args()
    with database():
        say_result(measure(10_000 if arguments.quick else 100_000))


if __name__ == "__main__":
    main()
