"""The look at a page itself: what it leaves out because it was good before is really the same."""

import pytest

from tests.browser.axe import seen_by_axe

pytestmark = pytest.mark.browser
GOOD = "<p id=here style='color: #333; background: #fff'>Kantor buka.</p>"


def a_page_with(content: str) -> str:
    return f"<!doctype html><html lang=id><title>Uji</title><main><h1>Uji</h1>{content}</main>"


@pytest.mark.parametrize(
    "wrong",
    [
        "<p style='color: #bbb; background: #fff'>Pucat.</p>",
        "<div style='background: #444'><p style='color: #333'>Gelap di atas gelap.</p></div>",
        "<div style='opacity: 0.3'><p style='color: #333; background: #fff'>Kabur.</p></div>",
        "<hr style='background: #444; height: 9em'><p style='margin: -6em 0 4em'>Di atasnya.</p>",
        "<input value='Tanpa nama'>",
    ],
)
def test_what_is_wrong_is_found_beside_what_was_good_before(page, wrong):
    for _ in range(2):
        page.set_content(a_page_with(GOOD))
        assert seen_by_axe(page).violations_count == 0
    for _ in range(2):
        page.set_content(a_page_with(GOOD + wrong))
        assert seen_by_axe(page).violations_count == 1
