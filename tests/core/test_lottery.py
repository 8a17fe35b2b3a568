"""The lottery's arithmetic against the standards' own vectors."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from giliran.core import lottery

# Certificate Transparency's reference tree: eight leaves and the root after each.
LEAVES = [
    bytes.fromhex(data)
    for data in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# The same reference's audit paths: leaf, tree size, path.
PATHS = [
    (0, 1, []),
    (
        0,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]

trees = st.lists(st.binary(max_size=8), min_size=1, max_size=40, unique=True).map(
    lambda data: [lottery.leaf_hash(item) for item in data]
)


@pytest.mark.parametrize("size", range(1, 9))
def test_the_root_is_that_of_certificate_transparency(size):
    hashed = [lottery.leaf_hash(data) for data in LEAVES[:size]]

    assert lottery.root_of(hashed).hex() == ROOTS[size - 1]


@pytest.mark.parametrize(("index", "size", "path"), PATHS)
def test_the_path_is_that_of_certificate_transparency(index, size, path):
    hashed = [lottery.leaf_hash(data) for data in LEAVES[:size]]

    assert [node.hex() for node in lottery.proof_of(hashed, index)] == path


def test_a_tree_without_leaves_has_no_root_and_no_path():
    with pytest.raises(ValueError, match="at least one leaf"):
        lottery.root_of([])
    with pytest.raises(IndexError):
        lottery.proof_of([], 0)


@given(trees, st.data())
def test_every_proof_holds_and_only_where_the_leaf_stands(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    root, path = lottery.root_of(leaves), lottery.proof_of(leaves, index)

    held = [
        place
        for place in range(-1, len(leaves) + 1)
        if lottery.proof_holds(leaves[index], place, len(leaves), path, root)
    ]

    assert held == [index]


@given(trees, st.data())
def test_no_other_leaf_path_count_or_root_holds(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    root, path = lottery.root_of(leaves), lottery.proof_of(leaves, index)
    other = bytes(32)

    assert not lottery.proof_holds(other, index, len(leaves), path, root)
    assert not lottery.proof_holds(leaves[index], index, len(leaves), path, other)
    assert not lottery.proof_holds(leaves[index], index, len(leaves), [*path, other], root)
    for at in range(len(path)):
        bent = [*path[:at], other, *path[at + 1 :]]
        assert not lottery.proof_holds(leaves[index], index, len(leaves), bent, root)
        assert not lottery.proof_holds(
            leaves[index], index, len(leaves), path[:at] + path[at + 1 :], root
        )


@pytest.mark.parametrize(
    ("ikm", "salt", "info", "length", "okm"),
    [  # RFC 5869, appendix A.1 to A.3
        (
            "0b" * 22,
            "000102030405060708090a0b0c",
            "f0f1f2f3f4f5f6f7f8f9",
            42,
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        ),
        (
            bytes(range(0x50)).hex(),
            bytes(range(0x60, 0xB0)).hex(),
            bytes(range(0xB0, 0x100)).hex(),
            82,
            (
                "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
                "cc30c58179ec3e87c14c01d5c1f3434f1d87"
            ),
        ),
        (
            "0b" * 22,
            "",
            "",
            42,
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        ),
    ],
)
def test_the_key_is_derived_as_rfc_5869_says(ikm, salt, info, length, okm):
    derived = lottery._hkdf(
        bytes.fromhex(ikm), salt=bytes.fromhex(salt), info=bytes.fromhex(info), length=length
    )

    assert derived.hex() == okm


def test_key_and_number_are_those_of_the_published_draw():
    """Worked once with openssl: a change here would break every published file."""
    key = lottery.lottery_key(bytes(range(32)), bytes(range(32, 64)))

    assert key.hex() == "ae3e82072fc7c4461c8918dcf2b1b65b3de715ac9cde4f12a24ad9e145bb2a1e"
    assert lottery.lottery_number(key, bytes(32)) == 0xD8E99FB184AF042A


def test_a_person_is_unrecognizable_in_the_next_round():
    first = lottery.pseudonym(bytes(16), "3604011505900001", "jht")

    assert first.hex() == "b252fcf64304407a1bf216d8bcd99a57fd694df3244e1e81af0e6a12589f4c88"
    assert lottery.pseudonym(b"\x01" * 16, "3604011505900001", "jht") != first
    with pytest.raises(ValueError, match="16 bytes"):
        lottery.pseudonym(b"", "3604011505900001", "jht")


def test_a_secret_is_bound_to_its_party_and_has_full_length():
    secret = b"s" * 32

    assert lottery.commitment("agency", secret) != lottery.commitment("public", secret)
    with pytest.raises(ValueError, match="32 bytes"):
        lottery.commitment("agency", b"1234")


def test_who_does_not_reveal_is_left_out_and_somebody_must():
    one, two = b"1" * 32, b"2" * 32

    assert lottery.combined([one, None, two]) == lottery.combined([one, two])
    assert lottery.combined([two, one]) != lottery.combined([one, two])
    with pytest.raises(ValueError, match="nobody revealed"):
        lottery.combined([None, None])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abcé"), inner),
)


@given(json_values)
def test_canonical_bytes_survive_reading_and_writing(value):
    written = lottery.canonical(value)

    assert lottery.canonical(json.loads(written)) == written
    assert json.loads(written) == value


def test_canonical_bytes_do_not_depend_on_the_order_of_keys():
    assert lottery.canonical({"b": [1, None], "a": "é"}) == '{"a":"é","b":[1,null]}'.encode()
    assert lottery.canonical({"a": 1, "b": 2}) == lottery.canonical({"b": 2, "a": 1})
    with pytest.raises(ValueError, match="JSON compliant"):
        lottery.canonical(float("nan"))
