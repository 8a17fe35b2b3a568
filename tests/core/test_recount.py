"""Two programs that share no line must agree about every draw, and find every tampering."""

import copy
import gzip
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from giliran.cli.draw import draw
from giliran.core import draw_file, lottery, recount
from tests.examples import examples

KINDS = ["priority", "far", "offline"]
CHAIN = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
# Round 1000 of quicknet appeared on 23 August 2023 at 22.59.24 in Jakarta.
DRAND = {"kind": "drand", "chain": CHAIN, "round": 1000}
SIGNATURE = (
    "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125"
    "e342b73a8dd2bacbe47e4b6b63ed5e39"
)
ROUND_1000 = {
    "signature": SIGNATURE,
    "value": "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd",
}
SECRETS = {"agency": b"a" * 32, "ombudsman": b"o" * 32, "public": None}
REVEAL = {
    "kind": "reveal",
    "parties": [
        {"name": name, "commitment": lottery.commitment(name, secret or b"p" * 32).hex()}
        for name, secret in SECRETS.items()
    ],
}
REVEALED = {
    "value": lottery.combined(list(SECRETS.values())).hex(),
    "secrets": [
        {"name": name, "secret": secret and secret.hex()} for name, secret in SECRETS.items()
    ],
}
SALT = "00" * 16
NIK = "3604011505900001"
OWN_ID = lottery.pseudonym(bytes(16), NIK, "jht").hex()


def a_header(cells, bundles, *, beacon=DRAND):
    return {
        "region": "banten",
        "round": 17,
        "closes_at": "2023-08-23T22:00:00+07:00",
        "rule": "2026-1",
        "kinds": KINDS,
        "beacon": beacon,
        "cells": [
            {
                "office": f"office-{cell % 3}",
                "starts_at": f"2023-08-24T{8 + cell % 8:02}:00:00+07:00",
                "ends_at": f"2023-08-24T{9 + cell % 8:02}:00:00+07:00",
                "places": places,
                "reserves": reserves,
            }
            for cell, (places, reserves) in enumerate(cells)
        ],
        "bundles": bundles,
    }


def cells_of(rng, count, *, most):
    cells = []
    for _ in range(count):
        places = rng.randint(0, most)
        reserves = [0, 0, 0]
        for _ in range(rng.choice([0, places // 2, places])):
            reserves[rng.randrange(3)] += 1
        cells.append((places, reserves))
    return cells


def a_sealed_file(rng, people, *, cells=6, places=3, together=0.4, beacon=DRAND):
    """A round of random people with overlapping kinds, some of them in parties."""
    order = list(range(cells))
    rng.shuffle(order)
    cuts = sorted(rng.sample(range(1, cells), rng.randint(0, cells - 1)))
    bundles = [sorted(order[a:b]) for a, b in zip([0, *cuts], [*cuts, cells], strict=True)]
    applications, party, wishes = [], None, []
    some = rng.choice([0.2, 0.5])
    for _ in range(people):
        if party is None or rng.random() > 0.5:
            party = rng.randbytes(32).hex() if rng.random() < together else None
            wishes = rng.sample(range(len(bundles)), rng.randint(0, len(bundles)))
        one = {
            "id": rng.randbytes(32).hex(),
            "credit": rng.choice([0, 0, 0, 1, 2]),
            "kinds": [kind for kind in KINDS if rng.random() < some],
            "wishes": wishes,
        }
        applications.append(one | ({"party": party} if party else {}))
    return draw_file.seal(
        a_header(cells_of(rng, cells, most=places), bundles, beacon=beacon), applications
    )


@pytest.fixture(scope="module")
def a_file():
    """A crowded round with struck wishes and somebody we know."""
    for seed in range(50):
        sealed = a_sealed_file(random.Random(seed), 40, cells=8)
        everywhere = list(range(len(sealed["header"]["bundles"])))
        own = {"id": OWN_ID, "credit": 9, "kinds": [], "wishes": everywhere}
        sealed = draw_file.seal(sealed["header"], [*sealed["applications"], own])
        file = draw_file.finished(sealed, ROUND_1000)
        if len(file["struck"]) > 1 and None in file["result"]:
            return file
    raise AssertionError("no crowded round in fifty")


@given(st.integers(0, 2**32), st.integers(0, 14), st.integers(1, 5))
@settings(max_examples=examples(100), deadline=None)
def test_both_programs_agree_on_every_small_draw(seed, people, cells):
    sealed = a_sealed_file(random.Random(seed), people, cells=cells, places=2)

    file = draw_file.finished(sealed, ROUND_1000)

    assert recount.differences(file, root=sealed["root"]) == []


@pytest.mark.parametrize("seed", range(12))
def test_both_programs_agree_on_crowded_draws(seed):
    rng = random.Random(seed)
    sealed = a_sealed_file(
        rng, 200, cells=20, places=9, together=rng.choice([0, 0.1, 0.5]), beacon=REVEAL
    )

    file = draw_file.finished(sealed, REVEALED)

    assert recount.differences(file) == []
    assert any(cell is None for cell in file["result"])


def test_who_is_of_two_kinds_moves_over_for_who_is_of_one():
    """Both reserved places go to people of that kind, though chance put an open one first."""
    people = [
        {"id": "11" * 32, "credit": 3, "kinds": [], "wishes": [0]},
        {"id": "22" * 32, "credit": 2, "kinds": ["priority", "far"], "wishes": [0]},
        {"id": "33" * 32, "credit": 1, "kinds": ["priority"], "wishes": [0]},
    ]
    sealed = draw_file.seal(a_header([(2, [1, 1, 0])], [[0]]), people)

    file = draw_file.finished(sealed, ROUND_1000)

    assert file["result"] == [None, 0, 0]
    assert recount.differences(file) == []


def places_in(value, path=()):
    """Every place in the file where something stands."""
    yield path
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, item in inner:
        yield from places_in(item, (*path, key))


JUNK = [
    None, True, False, -1, 0, 1, 3, 2**31, 10**400, 1.0, float("nan"), "", "x", "0" * 64, "\ud800",
    [], [[]], [0], {}, {"kind": "drand"}, DRAND, REVEAL,
]  # fmt: skip


@given(st.data())
@settings(max_examples=examples(133), deadline=None)
def test_no_single_thing_in_the_file_can_be_changed_unnoticed(files, data):
    file = copy.deepcopy(data.draw(st.sampled_from(files)))
    *path, last = data.draw(st.sampled_from([path for path in places_in(file) if path]))
    parent = file
    for key in path:
        parent = parent[key]
    before = json.dumps(parent[last])
    how = data.draw(st.sampled_from(["replace", "delete", "repeat"]))
    if how == "replace":
        parent[last] = data.draw(st.sampled_from(JUNK))
        assume(json.dumps(parent[last]) != before)
    elif how == "delete":
        del parent[last]
    else:
        assume(isinstance(parent, list))
        parent.insert(last, parent[last])

    found = recount.differences(file)

    assert found
    assert all(isinstance(sentence, str) and sentence.endswith(".") for sentence in found)


@pytest.fixture(scope="module")
def files(a_file):
    sealed = a_sealed_file(random.Random(7), 30, beacon=REVEAL)
    return [a_file, draw_file.finished(sealed, REVEALED)]


@given(
    st.recursive(
        st.sampled_from(JUNK),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(
                    ["header", "applications", "root", "randomness", "result", "struck", "x"]
                ),
                inner,
            )
        ),
    )
)
def test_what_is_no_draw_at_all_gets_a_sentence(anything):
    assert recount.differences(anything)


def a_place(file):
    """A cell with reserves, an application of some kind and one of a party."""
    cell = next(c for c in file["header"]["cells"] if any(c["reserves"]))
    some_kind = next(a for a in file["applications"] if a["kinds"])
    return cell, some_kind


def remove_one(file):
    del file["applications"][3], file["result"][3]


def add_one(file):
    file["applications"].append(
        {"id": "f" * 64, "credit": 99, "kinds": [], "wishes": file["applications"][0]["wishes"]}
    )
    file["result"].append(None)


def more_credit(file):
    file["applications"][0]["credit"] += 5


def another_kind(file):
    a_place(file)[1]["kinds"] = []


def another_wish(file):
    next(a for a in file["applications"] if len(a["wishes"]) > 1)["wishes"].reverse()


def one_place_more(file):
    file["header"]["cells"][0]["places"] += 1


def no_reserve(file):
    a_place(file)[0]["reserves"] = [0, 0, 0]


def another_rule(file):
    file["header"]["rule"] = "2027-1"


def another_beacon(file):
    file["header"]["beacon"]["round"] += 1


LISTS = [
    remove_one, add_one, more_credit, another_kind, another_wish, one_place_more, no_reserve,
    another_rule, another_beacon,
]  # fmt: skip


@pytest.mark.parametrize("tamper", LISTS)
def test_a_tampered_list_place_or_rule_no_longer_fits_the_root(a_file, tamper):
    file = copy.deepcopy(a_file)
    tamper(file)

    assert any("root doesn't fit" in sentence for sentence in recount.differences(file))


@pytest.mark.parametrize("tamper", LISTS)
def test_whoever_seals_and_draws_again_is_found_by_the_published_root(a_file, tamper):
    file = copy.deepcopy(a_file)
    tamper(file)
    again = draw_file.finished(
        draw_file.seal(file["header"], file["applications"]), file["randomness"]
    )

    assert recount.differences(again) == []
    assert recount.differences(again, root=a_file["root"]) == [
        "The file's root isn't the one that was published before closing."
    ]


def test_a_swapped_result_is_named_with_both_sides(a_file):
    file = copy.deepcopy(a_file)
    won = next(at for at, cell in enumerate(file["result"]) if cell is not None)
    lost = file["result"].index(None)
    file["result"][won], file["result"][lost] = None, file["result"][won]

    found = recount.differences(file)

    assert len(found) == 2
    assert file["applications"][won]["id"][:12] in "".join(found)
    assert "the file says no place, the recount says office-" in "".join(found)


def test_the_order_of_struck_wishes_counts(a_file):
    file = copy.deepcopy(a_file)
    file["struck"] = [*file["struck"], file["struck"][0]]

    assert recount.differences(file) == [
        "The wishes struck so that parties stay together differ, or their order."
    ]


def test_a_chosen_seed_is_found(a_file):
    """Whoever picks the random value has no signature for it; BLS is the command's part."""
    sealed = {key: a_file[key] for key in ("header", "applications", "root")}
    chosen = {"signature": SIGNATURE, "value": "11" * 32}

    with pytest.raises(ValueError, match="doesn't follow"):
        draw_file.finished(sealed, chosen)
    assert recount.differences(a_file | {"randomness": chosen}) == [
        "The random value doesn't follow from the signature."
    ]


def test_a_round_that_was_public_before_closing_is_found(a_file):
    header = a_file["header"] | {"closes_at": "2023-08-23T22:59:24+07:00"}
    file = draw_file.finished(draw_file.seal(header, a_file["applications"]), ROUND_1000)

    assert recount.differences(file) == ["The beacon's round was public before the list closed."]


def test_a_secret_chosen_after_closing_is_found():
    sealed = a_sealed_file(random.Random(1), 5, beacon=REVEAL)
    late = copy.deepcopy(REVEALED)
    late["secrets"][2]["secret"] = "11" * 32
    late["value"] = lottery.combined(
        [bytes.fromhex(one["secret"]) for one in late["secrets"]]
    ).hex()

    with pytest.raises(ValueError, match="secret of public"):
        draw_file.finished(sealed, late)
    file = draw_file.finished(sealed, REVEALED) | {"randomness": late}
    assert recount.differences(file) == [
        "The secret of public isn't the one it committed itself to."
    ]


def test_somebody_must_reveal():
    sealed = a_sealed_file(random.Random(1), 5, beacon=REVEAL)
    nobody = {
        "value": "00" * 32,
        "secrets": [{"name": name, "secret": None} for name in SECRETS],
    }

    with pytest.raises(ValueError, match="nobody revealed"):
        draw_file.finished(sealed, nobody)
    file = draw_file.finished(sealed, REVEALED) | {"randomness": nobody}
    assert "Nobody revealed a secret, so there is no randomness." in recount.differences(file)


def test_a_list_that_does_not_fit_its_root_is_not_drawn(a_file):
    sealed = copy.deepcopy({key: a_file[key] for key in ("header", "applications", "root")})
    more_credit(sealed)

    with pytest.raises(ValueError, match="the root isn't"):
        draw_file.finished(sealed, ROUND_1000)


def test_who_applies_together_must_wish_the_same():
    alone = {"credit": 0, "kinds": [], "party": "aa" * 32}
    sealed = draw_file.seal(
        a_header([(1, [0, 0, 0]), (1, [0, 0, 0])], [[0], [1]]),
        [alone | {"id": "11" * 32, "wishes": [0]}, alone | {"id": "22" * 32, "wishes": [1]}],
    )

    with pytest.raises(ValueError, match="same wishes"):
        draw_file.finished(sealed, ROUND_1000)
    with pytest.raises(ValueError, match="two applications"):
        draw_file.seal(sealed["header"], [sealed["applications"][0]] * 2)


def test_a_person_finds_the_own_application_and_nobody_else_does(a_file):
    index, application = recount.entry(a_file, SALT, NIK, "jht")

    assert application["id"] == OWN_ID
    assert a_file["result"][index] is not None
    assert recount.entry(a_file, SALT, NIK, "jkk") is None
    assert recount.entry(a_file, "11" * 16, NIK, "jht") is None
    leaves = draw_file.leaves_of(a_file)
    assert lottery.proof_holds(
        lottery.leaf_hash(lottery.canonical(application)),
        index + 1,
        len(leaves),
        lottery.proof_of(leaves, index + 1),
        bytes.fromhex(a_file["root"]),
    )


def test_the_recount_runs_alone_with_nothing_but_python(a_file, tmp_path):
    program = tmp_path / "recount.py"
    program.write_bytes(Path(recount.__file__).read_bytes())
    (tmp_path / "draw.json").write_text(json.dumps(a_file))

    def run(*arguments):
        done = subprocess.run(
            [sys.executable, "-I", "-S", program, *arguments],
            capture_output=True, text=True, cwd=tmp_path, check=False,
        )  # fmt: skip
        assert done.stderr == ""
        return done.returncode, done.stdout

    assert run("draw.json", a_file["root"]) == (0, "Everything is as the file says.\n")
    assert run("draw.json", "00" * 32)[0] == 1
    assert run("no.json")[0] == 1
    assert run() == (1, "Usage: python recount.py FILE [ROOT]\n")


@pytest.fixture
def verify(tmp_path):
    def run(file, *options, packed=False):
        data = file if isinstance(file, bytes) else json.dumps(file).encode()
        path = tmp_path / ("draw.json.gz" if packed else "draw.json")
        path.write_bytes(gzip.compress(data) if packed else data)
        done = CliRunner().invoke(draw, ["verify", str(path), *options])
        assert done.exception is None or isinstance(done.exception, SystemExit)
        return done.exit_code, done.output

    return run


@pytest.mark.parametrize("packed", [False, True])
def test_the_command_says_what_it_checked(verify, a_file, packed):
    code, said = verify(a_file, "--root", a_file["root"], packed=packed)

    assert code == 0
    assert "drand round 1000 of 2023-08-23 15:59:24 UTC, signature verified" in said
    assert "is the one published before closing" in said
    assert said.splitlines()[-1] == "Everything is as the file says."


def test_the_command_names_who_never_revealed(verify, files):
    code, said = verify(files[1])

    assert code == 0
    assert "commitments of agency, ombudsman; never revealed: public" in said


def test_the_command_finds_a_signature_that_drand_never_gave(verify, a_file):
    """Whoever makes up a signature gets a value that fits it, but not drand's key."""
    forged = lottery.sha256(bytes(48)).hexdigest()
    sealed = {key: a_file[key] for key in ("header", "applications", "root")}
    file = draw_file.finished(sealed, {"signature": "00" * 48, "value": forged})

    assert recount.differences(file) == []
    code, said = verify(file)

    assert code == 1
    assert "DIFFERS: The random value isn't proven" in said


def test_the_command_fails_on_a_tampered_or_broken_file(verify, a_file):
    tampered = copy.deepcopy(a_file)
    tampered["result"][0] = None if tampered["result"][0] is not None else 0

    assert verify(tampered)[0] == 1
    assert verify(a_file, "--root", "00" * 32)[0] == 1
    assert verify(b"{")[0] == 1
    assert verify(b"\x1f\x8bjunk")[0] == 1
    assert verify(b"[" * 100_000)[0] == 1


def test_the_command_shows_a_person_the_own_result(verify, a_file):
    own = ["--salt", SALT, "--nik", NIK, "--service", "jht"]

    code, said = verify(a_file, *own)
    assert code == 0
    assert "credit 9: office-" in said
    assert verify(a_file, *own[:-1], "jkm")[0] == 1
    assert verify(a_file, *own[:2])[0] == 2
    assert verify(a_file, "--salt", "zz", *own[2:])[0] == 2


def test_the_command_needs_no_django():
    program = "import sys, giliran.cli.draw; sys.exit('django' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
