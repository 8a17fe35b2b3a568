"""What the browser tests share: the clock at nine, a page, a log-in, and what no page may do."""

from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from giliran import clock
from giliran.people.models import Officer
from tests.browser.axe import seen_by_axe
from tests.builders import at
from tests.servers import RunningServer, environment


@pytest.fixture
def nine_o_clock(server: RunningServer) -> None:
    clock.set_simulation(at("09:00"), speed=1)


@pytest.fixture(scope="module")
def providers() -> Iterator[None]:
    """Name providers that nobody reaches: no worker runs, so nothing is sent.

    A module that wants them lets its server wait for them.
    """
    named = {"GILIRAN_KANNEL_URL": "http://127.0.0.1:9/", "EMAIL_URL": "smtp://127.0.0.1:9"}
    with environment(named):
        yield


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="id-ID", viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


def enter(page: Page, server: RunningServer, officer: Officer, path: str) -> None:
    """Open a page with the cookie of a log-in: checking a password takes its time on purpose."""
    client = Client()
    client.force_login(officer)
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": server.url}])
    page.goto(f"{server.url}{path}")


def no_violations(page: Page) -> None:
    found = seen_by_axe(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found] == []


def never_wider_than_the_screen(page: Page) -> None:
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
