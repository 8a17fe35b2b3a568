"""`giliran draw` and `giliran office areas`: setting a region up, and the parties to its chance."""

import re
import subprocess
import sys
from datetime import time

import pytest
from click.testing import CliRunner

from giliran import clock
from giliran.capacity.models import Offer
from giliran.cli import main
from giliran.core.lottery import commitment
from giliran.journal.models import Event
from giliran.offices.models import HomeArea, Region
from giliran.turns import actions as turns
from giliran.turns.models import Round
from tests.builders import a_drawing_office, an_application, an_office, at

pytestmark = pytest.mark.django_db
SECRET = bytes(range(32))
HEADER = "region,code,name,latitude,longitude\n"


@pytest.fixture(autouse=True)
def at_nine(monkeypatch):
    set_clock(monkeypatch, "09:00")


def set_clock(monkeypatch, moment: str) -> None:
    monkeypatch.setattr(clock, "now", lambda: at(moment))


def run(*arguments: str):
    return CliRunner().invoke(main, list(arguments))


def banten() -> Region:
    return Region.objects.get(slug="banten")


def test_a_region_begins_to_draw_and_the_journal_says_who_decided_it():
    an_office()

    answer = run("draw", "plan", "banten", "--at", "17:00", "--days", "3", "--beacon", "reveal")

    assert answer.exit_code == 0, answer.output
    assert "draws at 17:00" in answer.output
    region = banten()
    assert (region.draw_at, region.draw_days_ahead, region.draw_beacon) == (time(17), 3, "reveal")
    event = Event.objects.get(kind="region.plan_draws")
    assert (event.actor, event.data["draw_at"], event.data["days_ahead"]) == ("console", "17:00", 3)


def test_only_what_is_given_changes_and_the_same_again_is_no_event():
    a_drawing_office()
    run("draw", "plan", "banten", "--near-km", "80")
    run("draw", "plan", "banten", "--near-km", "80")
    run("draw", "plan", "banten")

    region = banten()
    assert (region.draw_at, region.near_km, region.far_km) == (time(17), 80, 40)
    assert Event.objects.filter(kind="region.plan_draws").count() == 1


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--days", "0"], "1 sampai 10 hari kerja"),
        (["--days", "11"], "1 sampai 10 hari kerja"),
        (["--near-km", "0"], "Jarak ditulis dalam km"),
        (["--far-km", "5000"], "Jarak ditulis dalam km"),
        (["--zone", "Europe/Paris"], "Asia/Jakarta"),
        (["--beacon", "dice"], "drand, reveal"),
        (["--at", "25:00"], "must be a time"),
        (["--at", "17:00", "--off"], "not both"),
    ],
)
def test_settings_that_make_no_sense_change_nothing(options, says):
    a_drawing_office()
    before = Region.objects.values().get(slug="banten")

    answer = run("draw", "plan", "banten", *options)

    assert answer.exit_code == 2
    assert says in answer.output
    assert Region.objects.values().get(slug="banten") == before


def test_an_unknown_region_is_answered_with_the_known_ones():
    an_office()

    answer = run("draw", "rounds", "bantem")

    assert answer.exit_code == 2
    assert "“bantem”. Known: banten" in answer.output


def test_draws_end_only_when_nobody_waits_and_held_places_go_on_sale():
    office = a_drawing_office(places=2, windows=("09:00", "13:00"))
    waiting = an_application(office)

    refused = run("draw", "plan", "banten", "--off")

    assert refused.exit_code == 2
    assert "Masih ada 1 permohonan" in refused.output
    assert banten().draw_at == time(17)
    turns.withdraw(waiting.id, actor="citizen", now=at("09:00"))
    ended = run("draw", "plan", "banten", "--off")
    assert "4 held places can be booked at once" in ended.output
    assert banten().draw_at is None
    assert {offer.left for offer in Offer.objects.filter(office=office, kind="window")} == {2}


def test_a_list_that_waits_for_its_random_value_keeps_the_draws_going(monkeypatch):
    office = a_drawing_office(beacon="drand")
    turns.open_round(office.region, now=at("09:00"))
    turns.keep_rounds(office.region, fetch=lambda _: None, now=at("17:00"))

    assert run("draw", "plan", "banten", "--off").exit_code == 2
    assert banten().draw_at == time(17)


def test_nothing_is_drawn_before_the_list_closes(monkeypatch):
    office = a_drawing_office()
    an_application(office)
    turns.open_round(office.region, now=at("08:00"))

    early = run("draw", "now", "banten")
    assert early.exit_code == 2
    assert "round 1 closes at 2026-11-23 17:00" in early.output
    assert Round.objects.get().state == "open"
    set_clock(monkeypatch, "17:00")
    assert run("draw", "now", "banten").output == "round 1: drawn\nround 2: open\n"


def test_a_party_commits_before_closing_and_reveals_after(monkeypatch):
    office = a_drawing_office()
    an_application(office)
    turns.open_round(office.region, now=at("08:00"))
    digest = commitment("ombudsman", SECRET).hex()
    party = ("banten", "1", "--party", "ombudsman")

    assert run("draw", "commit", *party, digest).exit_code == 0
    assert "belum ditutup" in run("draw", "reveal", *party, SECRET.hex()).output
    set_clock(monkeypatch, "17:01")
    assert "sealed" in run("draw", "now", "banten").output
    assert "sudah ditutup" in run("draw", "commit", *party, digest).output
    wrong = run("draw", "reveal", *party, "ab" * 32)
    assert (wrong.exit_code, "harus cocok" in wrong.output) == (2, True)
    assert run("draw", "reveal", *party, SECRET.hex().upper()).exit_code == 0
    assert "round 1: drawn" in run("draw", "now", "banten").output
    listed = run("draw", "rounds", "banten").output
    assert re.search(r"1 2026-11-23 17:00 drawn +reveal +1 asked +9 places +1 placed", listed)


@pytest.mark.parametrize("serial", ["1", "9"])
def test_no_party_commits_to_a_round_that_draws_with_drand_or_does_not_exist(serial):
    office = a_drawing_office(beacon="drand")
    turns.open_round(office.region, now=at("08:00"))

    answer = run("draw", "commit", "banten", serial, "--party", "public", "ab" * 32)

    assert answer.exit_code == 2
    assert f"Round {serial} of banten takes no such commit" in answer.output


def test_a_secret_fits_its_commitment_and_is_never_the_same():
    first, second = (run("draw", "secret", "--party", "public").output for _ in range(2))

    assert first != second
    secret = re.search(r"secret +([0-9a-f]{64})", first)[1]
    digest = re.search(r"commitment +([0-9a-f]{64})", first)[1]
    assert commitment("public", bytes.fromhex(secret)).hex() == digest


def test_verifying_and_making_a_secret_need_no_django():
    asked = (
        "import sys; from click.testing import CliRunner; from giliran.cli.draw import draw; "
        "CliRunner().invoke(draw, ['secret', '--party', 'public']); "
        "CliRunner().invoke(draw, ['verify', 'nothing.json']); "
        "sys.exit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


def test_districts_are_imported_with_dots_or_hyphens_and_changed_when_imported_again(tmp_path):
    an_office()
    file = tmp_path / "areas.csv"
    file.write_text(f"{HEADER}banten,36.01.05,Sumur,-6.65,105.58\nbanten,36-04,Serang,-6.1,106.1\n")
    assert "2 districts are in" in run("office", "areas", str(file)).output
    file.write_text(f"{HEADER}banten,36-01-05,Kecamatan Sumur,-6.66,105.59\n")

    run("office", "areas", str(file))

    found = dict(HomeArea.objects.values_list("code", "name"))
    assert found == {"36-01-05": "Kecamatan Sumur", "36-04": "Serang"}


def test_a_file_of_districts_with_faults_changes_nothing_and_names_each(tmp_path):
    an_office()
    file = tmp_path / "areas.csv"
    file.write_text(
        f"{HEADER}banten,36.01.05,Sumur,-6.65,105.58\nbantem,36.01.06,Cimanggu,-6.6,105.7\n"
        "banten,sumur,Sumur,-6.6,105.7\nbanten,36-01-05,,-96,east\n"
    )

    answer = run("office", "areas", str(file))

    assert answer.exit_code == 2
    for fault in (
        "baris 3, kolom region",
        "baris 4, kolom code: “sumur”; kode wilayah Kemendagri",
        "baris 5, kolom code: “36-01-05”; sudah ada di baris 2",
        "baris 5, kolom name",
        "baris 5, kolom latitude",
        "baris 5, kolom longitude",
    ):
        assert fault in answer.output
    assert not HomeArea.objects.exists()
