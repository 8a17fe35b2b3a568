"""What a machine thinks of a photo: a sharp page passes, one that nobody can read is held back."""

import numpy as np
import pytest
from PIL import Image, ImageFilter

from giliran.claims.inspection.readability import LOOKED_AT, measured
from tests.photos import a_page, photographed

PAGE = a_page()
SMALL = a_page(letters=22)


def seen(image):
    grey = image.convert("L")
    grey.thumbnail((LOOKED_AT, LOOKED_AT), Image.Resampling.BOX)
    return measured(np.asarray(grey))


@pytest.mark.parametrize("page", [PAGE, SMALL, a_page(letters=60)], ids=["11 pt", "7 pt", "20 pt"])
@pytest.mark.parametrize("light", [1.0, 0.5])
@pytest.mark.parametrize("noise", [2.0, 12.0])
def test_a_sharp_page_passes_in_good_light_and_by_a_lamp(page, light, noise):
    read = seen(photographed(page, light=light, noise=noise))
    assert not any((read.is_blurred, read.is_too_dark, read.is_empty))
    assert read.doubts == ()


@pytest.mark.parametrize("page", [PAGE, SMALL], ids=["11 pt", "7 pt"])
@pytest.mark.parametrize("blur", [5, 8, 14])
def test_a_page_out_of_focus_is_blurred(page, blur):
    assert seen(photographed(page, blur=blur)).is_blurred


def test_a_shaken_page_is_blurred_though_it_is_sharp_in_the_other_direction():
    assert seen(photographed(PAGE, shaken=50)).is_blurred


@pytest.mark.parametrize("blur", [2.6, 3.2])
def test_a_page_between_sharp_and_blurred_is_taken_with_a_doubt(blur):
    read = seen(photographed(PAGE, blur=blur))
    assert not read.is_blurred
    assert read.doubts == ("blurred",)


def test_a_photo_in_the_dark_is_too_dark_whether_or_not_something_is_on_it():
    assert seen(photographed(PAGE, light=0.12)).is_too_dark
    assert seen(Image.new("RGB", (2000, 1500))).is_too_dark


def test_a_dim_photo_is_taken_with_a_doubt():
    read = seen(photographed(PAGE, light=0.28))
    assert not read.is_too_dark
    assert "too_dark" in read.doubts


@pytest.mark.parametrize("paper", [255, 240, 120])
def test_a_sheet_with_nothing_on_it_is_empty(paper):
    chance = np.random.default_rng(4)
    sheet = np.clip(chance.normal(paper, 2, (1700, 1200)), 0, 255).astype(np.uint8)
    assert seen(Image.fromarray(sheet)).is_empty


def test_one_line_on_a_scan_is_not_empty():
    read = seen(a_page(("Serang, 2 November 2026",)))
    assert not read.is_empty
    assert not read.is_blurred


def test_the_more_out_of_focus_the_less_sharp_until_nothing_is_left_to_see():
    sharpness = [
        seen(PAGE.filter(ImageFilter.GaussianBlur(blur))).sharpness for blur in (0, 1, 2, 3)
    ]
    assert sharpness == sorted(sharpness, reverse=True)
    assert len(set(sharpness)) == 4
