"""`giliran officer`: giving and ending log-ins from the command line."""

import pytest
from click.testing import CliRunner
from django.contrib.auth import authenticate

from giliran import settings as installed
from giliran.cli import main
from giliran.offices import queries as offices
from giliran.people.models import Officer
from tests.builders import PASSWORD, an_office, an_officer

pytestmark = pytest.mark.django_db
GOOD = "kursi-hijau-di-loket"


def run(*arguments: str, typed: str = ""):
    return CliRunner().invoke(main, ["officer", *arguments], input=typed)


def test_an_officer_gets_a_log_in_and_a_post_and_the_password_is_not_shown():
    office = an_office()

    answer = run(
        "add", "dewi", "--name", "Dewi", "--role", "officer", "--office", "serang",
        typed=f"{GOOD}\n{GOOD}\n",
    )  # fmt: skip

    assert answer.exit_code == 0, answer.output
    assert GOOD not in answer.output
    officer = authenticate(username="dewi", password=GOOD)
    assert officer is not None
    assert offices.roles(officer.pk, office) == {"officer"}


def test_a_password_is_kept_so_that_guessing_it_takes_its_time(settings):
    settings.PASSWORD_HASHERS = installed.PASSWORD_HASHERS
    officer = an_officer(an_office())
    assert officer.password.startswith("scrypt$")
    assert authenticate(username=officer.username, password=PASSWORD) == officer


def test_a_password_can_come_from_a_file(tmp_path):
    file = tmp_path / "sandi"
    file.write_text(f"{GOOD}\n")

    run("add", "budi", "--name", "Budi", "--role", "auditor", "--password-file", str(file))

    assert authenticate(username="budi", password=GOOD) is not None


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--role", "officer"], "give --office"),
        (["--role", "regional", "--office", "serang"], "give --region"),
        (["--role", "auditor", "--office", "serang"], "neither"),
        (["--role", "manager", "--office", "nowhere"], "no office nowhere"),
        (["--role", "regional", "--region", "nowhere"], "no region nowhere"),
    ],
)
def test_a_post_without_its_place_is_refused_and_nobody_is_created(options, says):
    an_office()

    answer = run("add", "dewi", "--name", "Dewi", *options, typed=f"{GOOD}\n{GOOD}\n")

    assert answer.exit_code != 0
    assert says in answer.output
    assert not Officer.objects.exists()


@pytest.mark.parametrize("weak", ["pendek", "password123", "dewi.lestari"])
def test_a_weak_password_is_refused(weak):
    answer = run(
        "add", "Dewi.Lestari", "--name", "Dewi", "--role", "auditor", typed=f"{weak}\n{weak}\n"
    )

    assert answer.exit_code != 0
    assert not Officer.objects.exists()


def test_the_list_names_posts_and_who_is_disabled():
    office = an_office()
    an_officer(office, "manager", "kepala")
    an_officer(office, "officer", "dewi")
    run("disable", "dewi")

    lines = run("list").output.splitlines()

    assert "dewi\tPetugas dewi\tofficer@serang\tdisabled" in lines
    assert "kepala\tPetugas kepala\tmanager@serang\tactive" in lines
    assert run("list", "--office", "cilegon").output == ""


def test_a_disabled_officer_is_out_at_once_and_an_unknown_one_is_said(client):
    client.force_login(an_officer(an_office(), "officer", "dewi"))

    run("disable", "dewi")

    assert client.get("/petugas/").headers["Location"].startswith("/petugas/masuk/")
    assert "Nobody logs in as siapa" in run("disable", "siapa").output
