import csv
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from giliran.core.spoken import (
    ANNOUNCEMENTS,
    CLIPS,
    CannotBeSpoken,
    clips_for_call,
    sentence_for_call,
)

ROOT = Path(__file__).parents[2]
RECORDED = ROOT / "giliran/web/static/giliran/voice"

SPELLED = "a be ce de e ef ge ha i je ka el em en o pe ki er es te u fe we eks ye zet"
LETTER_NAMES = dict(zip(string.ascii_uppercase, SPELLED.split(), strict=True))

numbers = st.from_regex(r"([A-Z]{1,2}-?)?[0-9]{1,4}", fullmatch=True)
counters = st.one_of(
    st.integers(1, 99).map(str),
    st.integers(1, 99).map("Loket {:02}".format),
    st.from_regex(r"[1-9][0-9]?[A-Z]{1,2}", fullmatch=True),
    st.sampled_from(["Prioritas", "prioritas 2", "Kasir", "Informasi", "CS", "A-3"]),
)


def words_in_the_script() -> dict[str, str]:
    with (ROOT / "voice/clips.tsv").open(encoding="utf-8", newline="") as script:
        return {row["name"]: row["words"] for row in csv.DictReader(script, delimiter="\t")}


SCRIPT = words_in_the_script()


def test_a_call_is_a_tone_the_number_spelled_and_the_counter_read_as_a_number():
    assert clips_for_call("A014", "3") == [
        "tone",
        "nomor_antrean",
        "huruf_a",
        "angka_0",
        "angka_1",
        "angka_4",
        "silakan_ke_loket",
        "angka_3",
    ]
    assert (
        sentence_for_call("A014", "3") == "Nomor antrean, A nol satu empat, silakan ke loket tiga"
    )


@pytest.mark.parametrize(
    ("counter", "said"),
    [
        ("1", "satu"),
        ("8", "delapan"),
        ("9", "sembilan"),
        ("10", "sepuluh"),
        ("11", "sebelas"),
        ("12", "dua belas"),
        ("15", "lima belas"),
        ("19", "sembilan belas"),
        ("20", "dua puluh"),
        ("21", "dua puluh satu"),
        ("30", "tiga puluh"),
        ("46", "empat puluh enam"),
        ("77", "tujuh puluh tujuh"),
        ("90", "sembilan puluh"),
        ("99", "sembilan puluh sembilan"),
        ("07", "tujuh"),
        ("101", "satu nol satu"),
        ("Loket 12", "dua belas"),
        ("3A", "tiga A"),
        ("B2", "B dua"),
        ("VIP", "V I P"),
        ("Prioritas", "prioritas"),
        ("PRIORITAS 2", "prioritas dua"),
    ],
)
def test_a_counter_is_read_as_people_say_it(counter: str, said: str):
    assert sentence_for_call("A001", counter).endswith(f"silakan ke loket {said}")


def test_every_counter_from_1_to_99_sounds_different():
    assert len({tuple(clips_for_call("A1", str(counter))) for counter in range(1, 100)}) == 99


@pytest.mark.parametrize("number", ["", "A01é", "A014; hapus", "A_1", "٣", "ABCDEFGH1"])
def test_a_number_that_no_clip_can_say_is_refused_with_what_is_possible(number: str):
    with pytest.raises(CannotBeSpoken, match="misalnya A014"):
        clips_for_call(number, "3")


@pytest.mark.parametrize("counter", ["", "Loket", "Mutiara", "٣", "é", "--"])
def test_a_counter_that_no_clip_can_say_is_refused_with_what_is_possible(counter: str):
    with pytest.raises(CannotBeSpoken, match="Prioritas"):
        sentence_for_call("A014", counter)


@given(number=numbers, counter=counters)
def test_whatever_is_called_has_its_clips_recorded(number: str, counter: str):
    for clip in clips_for_call(number, counter):
        assert (RECORDED / f"{clip}.mp3").is_file()


@given(number=numbers, counter=counters)
def test_the_sentence_says_what_the_clips_say(number: str, counter: str):
    heard = " ".join(
        SCRIPT[clip] for clip in clips_for_call(number, counter) if clip != "tone"
    ).split()
    shown = sentence_for_call(number, counter).replace(",", "").split()
    assert [LETTER_NAMES.get(word, word.lower()) for word in shown] == heard


@given(label=st.text(max_size=12))
def test_any_label_is_either_spoken_or_refused(label: str):
    try:
        clips = clips_for_call("A014", label)
    except CannotBeSpoken:
        return
    assert set(clips) <= CLIPS.keys()


def test_script_recordings_and_vocabulary_name_the_same_clips():
    assert {path.stem for path in RECORDED.glob("*.mp3")} == CLIPS.keys()
    assert SCRIPT.keys() | {"tone"} == CLIPS.keys()
    assert ANNOUNCEMENTS.items() <= SCRIPT.items()


def test_the_whole_voice_is_light_enough_for_an_old_tv():
    assert sum(path.stat().st_size for path in RECORDED.glob("*.mp3")) < 600_000
