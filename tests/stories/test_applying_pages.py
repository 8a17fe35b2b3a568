"""What an applicant sends, and what the pages answer; Chromium reads the pages elsewhere."""

import json
import re
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from giliran import clock
from giliran.core.recount import entry
from giliran.encryption import unseal
from giliran.offices.models import HomeArea, Office, Region
from giliran.turns import actions as turns
from giliran.turns import applications
from giliran.turns.models import Application, Turn
from tests.builders import (
    MONDAY,
    a_booking,
    a_drawing_office,
    a_nik,
    a_window,
    an_application,
    an_office,
    at,
    draw_now,
)
from tests.examples import examples

pytestmark = pytest.mark.django_db
NIK = "3604014101900001"
APPLY = "/ajukan/jht/"


@pytest.fixture(autouse=True)
def nine_in_the_morning(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at("09:00"))


@pytest.fixture
def evening(monkeypatch):
    def pass_to(hour="18:00", day=MONDAY):
        monkeypatch.setattr(clock, "now", lambda: at(hour, day))

    return pass_to


def typed(**other) -> dict:
    usual = {"name": "Siti Rohmah", "nik": NIK, "phone": "", "request_key": str(uuid4())}
    wish = {"kantor": "serang", "dekat": "1"}
    return usual | wish | {"langkah": "simpan"} | other


def read(response) -> str:
    """Return the text of a page as it is read, without its tags."""
    text = re.sub(r"<(script|style|svg).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def a_home(region: Region, name: str = "Ciruas", latitude: str = "-6.11") -> HomeArea:
    return HomeArea.objects.create(
        region=region,
        code=f"36-04-{HomeArea.objects.count() + 1:02d}",
        name=name,
        latitude=Decimal(latitude),
        longitude=Decimal("106.15"),
    )


def test_a_confirmed_application_has_a_page_that_says_when_it_is_drawn(client):
    a_drawing_office()
    sent = client.post(APPLY, typed())
    application = Application.objects.get()
    assert sent["Location"] == f"/p/{application.code}/"
    page = client.get(sent["Location"])
    text = read(page)
    assert "Permohonan sudah tercatat" in text
    assert "Senin, 23 November 2026, pukul 17.00 WIB" in text
    assert f"{application.code[:4]}-{application.code[4:]}" in text
    assert page["X-Robots-Tag"] == "noindex"
    assert "no-store" in page["Cache-Control"]


def test_every_answer_reaches_the_application(client):
    office = a_drawing_office()
    near = an_office("cilegon", latitude="-6.02")
    home = a_home(office.region)
    client.post(
        APPLY,
        typed(
            rumah=home.code,
            kantor=["cilegon", "", "serang", "cilegon"],
            dekat="0",
            waktu="pilih",
            paruh=["mon-am", "wed-pm"],
            terbaik="wed-pm",
            utama="waktu",
            siap="1",
            persiapan="12",
            didahulukan="letter",
            needs="wheelchair",
            phone="0812 3456 7890",
        ),
    )
    asked = Application.objects.get()
    assert asked.office_ids == [near.id, office.id]
    assert (asked.any_near, asked.is_broad, asked.home_id) == (False, False, home.id)
    assert (asked.halves, asked.prefers) == (["wed-pm", "mon-am"], "time")
    assert (asked.stands_by, asked.notice_hours) == (True, 12)
    assert (asked.is_priority, asked.shown_by, asked.needs) == (True, "letter", ["wheelchair"])


def test_the_pages_come_in_order_and_carry_what_was_chosen(client):
    office = a_drawing_office()
    an_office("cilegon", latitude="-6.02")
    home = a_home(office.region, latitude="-6.03")
    first = client.get(APPLY)
    assert "Rumah di kecamatan mana?" in read(first)
    second = client.get(APPLY, {"rumah": home.code, "langkah": "rumah"})
    text = second.content.decode()
    assert text.index("Cilegon") < text.index("Serang")
    assert "Kira-kira 1 km" in text
    third = client.get(APPLY, {"rumah": home.code, "kantor": "serang", "langkah": "kantor"})
    assert "Hari dan jam mana yang bisa?" in read(third)
    assert f'name="rumah" value="{home.code}"' in third.content.decode()
    fourth = client.get(APPLY, {"kantor": "serang", "waktu": "apa", "langkah": "waktu"})
    assert "Siapa yang akan datang?" in read(fourth)
    assert 'name="kantor" value="serang"' in fourth.content.decode()
    check = client.post(APPLY, typed(langkah="siapa"))
    assert "Periksa dulu sebelum mengajukan" in read(check)
    assert "no-store" in check["Cache-Control"]
    assert Application.objects.count() == 0


def test_every_wrong_field_is_named_and_nothing_typed_is_lost(client):
    a_drawing_office()
    form = typed(
        langkah="siapa", name="", nik="360401", phone="12", didahulukan="sight", needs="companion"
    )
    page = client.post(APPLY, form)
    assert page.status_code == 422
    text = page.content.decode()
    for field in ("name", "nik", "phone"):
        assert f'href="#id_{field}"' in text
        assert f'id="{field}-error"' in text
    assert 'value="360401"' in text
    assert re.search(r'value="sight"\s+checked', text)
    assert re.search(r'value="companion"\s+checked', text)
    assert 'name="kantor" value="serang"' in text


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"langkah": "rumah", "rumah": "99-99-99"}, "home"),
        ({"langkah": "kantor"}, "offices"),
        ({"langkah": "kantor", "kantor": "tidak-ada"}, "offices"),
        ({"langkah": "waktu", "kantor": "serang", "waktu": "pilih"}, "halves"),
        ({"langkah": "waktu", "kantor": "serang", "paruh": "mon-am"}, "halves"),
        (
            {"langkah": "waktu", "kantor": "serang", "waktu": "pilih", "paruh": "x-am"},
            "halves",
        ),
        ({"langkah": "waktu", "kantor": "serang", "persiapan": "0"}, "notice_hours"),
        ({"langkah": "waktu", "kantor": "serang", "persiapan": "²"}, "notice_hours"),
    ],
)
def test_a_wish_that_cannot_be_read_is_asked_again_at_its_field(client, sent, field):
    a_home(a_drawing_office().region)
    page = client.get(APPLY, sent)
    assert page.status_code == 422
    text = page.content.decode()
    assert f'href="#id_{field}"' in text
    assert f'id="id_{field}"' in text


@pytest.mark.parametrize(
    "bad",
    [
        {"kantor": "tidak-ada"},
        {"waktu": "pilih"},
        {"persiapan": "99"},
        {"didahulukan": "tumor"},
        {"nik": "1"},
    ],
)
def test_a_form_that_was_tampered_with_saves_nothing(client, bad):
    a_drawing_office()
    page = client.post(APPLY, typed(**bad))
    assert page.status_code == 422
    assert "Siti Rohmah" in page.content.decode()
    assert Application.objects.count() == 0


def test_the_same_form_sent_twice_makes_one_application(client):
    a_drawing_office()
    form = typed()
    first, second = (client.post(APPLY, form) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Application.objects.count() == 1


def test_the_same_form_with_another_wish_says_that_it_was_recorded_before(client):
    a_drawing_office()
    form = typed()
    client.post(APPLY, form)
    again = client.post(APPLY, form | {"dekat": "0"}, follow=True)
    assert "sudah tercatat dengan pilihan di bawah" in read(again)
    assert Application.objects.get().any_near


def test_a_second_application_is_refused_without_showing_the_first(client):
    office = a_drawing_office()
    first = an_application(office, nik=NIK)
    page = client.post(APPLY, typed())
    assert page.status_code == 409
    text = page.content.decode()
    assert "NIK ini sudah punya permohonan" in text
    assert first.code not in text
    assert reverse("find_turn") in text
    assert f'name="nik" value="{NIK}"' in text


def test_who_has_a_turn_already_is_told_so(client):
    office = a_drawing_office()
    a_booking(a_window(office, "13:00"), nik=NIK)
    page = client.post(APPLY, typed())
    assert page.status_code == 409
    assert "NIK ini sudah punya giliran" in read(page)


def test_one_telephone_for_too_many_people_is_refused_at_its_field(client):
    office = a_drawing_office()
    for _ in range(5):
        an_application(office, phone="0812 3456 7890")
    page = client.post(APPLY, typed(phone="0812 3456 7890"))
    assert page.status_code == 409
    text = page.content.decode()
    assert 'id="phone-error"' in text
    assert "sudah dipakai untuk 5 orang" in text
    assert f'value="{NIK}"' in text


def test_where_several_regions_draw_the_region_is_asked_first(client):
    a_drawing_office()
    other = Region.objects.create(slug="jabar", name="Kanwil Jawa Barat", draw_at="17:00")
    an_office("bandung", region=other)
    assert "Di wilayah mana?" in read(client.get(APPLY))
    page = read(client.get(APPLY, {"wilayah": "jabar"}))
    assert "Bandung" in page
    assert "Serang" not in page
    assert "Serang" in read(client.get(APPLY, {"kantor": "serang"}))


@settings(max_examples=examples(13), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sent=st.dictionaries(
        st.sampled_from(
            [
                *("langkah", "wilayah", "rumah", "kantor", "dekat", "waktu", "paruh"),
                *("terbaik", "utama", "siap", "persiapan", "didahulukan", "bersama"),
            ]
        ),
        st.one_of(
            st.sampled_from(["rumah", "kantor", "waktu", "siapa", "ke-waktu", "banten", "serang"]),
            st.text(max_size=12),
        ),
        max_size=6,
    )
)
def test_no_address_breaks_the_questions(client, sent):
    if not Office.objects.filter(slug="serang").exists():
        office = a_drawing_office()
        a_home(office.region)
        Region.objects.create(slug="jabar", name="Kanwil Jawa Barat", draw_at="17:00")
    assert client.get(APPLY, sent).status_code in {200, 404, 422}
    assert client.post(APPLY, sent).status_code in {200, 404, 422}


def test_where_nobody_draws_one_chooses_a_window(client):
    an_office()
    assert client.get("/ajukan/")["Location"] == "/ambil/"
    assert client.get(APPLY)["Location"] == "/ambil/jht/"
    assert "Ajukan giliran" not in read(client.get("/"))


def test_an_office_that_draws_leads_to_its_application(client):
    a_drawing_office()
    home = read(client.get("/"))
    assert "Ajukan giliran" in home
    assert "Diundi setiap hari kerja pukul 17.00 WIB." in home
    page = client.get("/ambil/jht/serang/")
    assert 'href="/ajukan/jht/?kantor=serang"' in page.content.decode()
    assert re.search(
        r'value="serang"\s+checked', client.get(APPLY, {"kantor": "serang"}).content.decode()
    )


def test_a_code_leads_to_the_application_however_it_is_typed(client):
    asked = an_application(a_drawing_office())
    found = client.get("/cari/", {"kode": f"{asked.code[:4].lower()} {asked.code[4:]}"})
    assert found["Location"] == f"/p/{asked.code}/"
    assert client.get(f"/p/{asked.code.lower()}/")["Location"] == f"/p/{asked.code}/"
    assert client.get("/cari/", {"kode": "23456789"}).status_code == 404
    assert client.get("/p/23456789/").status_code == 404
    assert client.get("/p/salah/").status_code == 404


def test_the_page_shows_nothing_that_tells_who_it_is(client):
    office = a_drawing_office()
    form = typed(phone="0812 3456 7890")
    client.post(APPLY, form)
    asked = Application.objects.get()
    for url in (
        f"/p/{asked.code}/",
        f"/p/{asked.code}/ubah/",
        f"/p/{asked.code}/ubah/?bagian=waktu",
    ):
        text = client.get(url).content.decode()
        for secret in ("Rohmah", NIK, "3456 7890", "34567890"):
            assert secret not in text
    assert "S. R." in client.get(f"/p/{asked.code}/").content.decode()
    assert office.slug in client.get(f"/p/{asked.code}/ubah/?bagian=kantor").content.decode()


def test_the_latest_day_is_said_with_its_computation(client):
    office = a_drawing_office(places=5, windows=("09:00",), days=9)
    for _ in range(9):
        an_application(office, any_near=True)
    last = an_application(office, any_near=True)
    text = read(client.get(f"/p/{last.code}/"))
    assert "Dengan permintaan seperti sekarang, paling lambat" in text
    assert "paling banyak 9 permohonan lain" in text
    assert "paling banyak 4 undian" in text


def test_a_short_list_is_told_why_no_day_can_be_said(client):
    asked = an_application(a_drawing_office(), halves=("tue-am",))
    text = read(client.get(f"/p/{asked.code}/"))
    assert "Belum bisa disebut" in text
    assert "Ingin kepastian?" in text


def test_demand_beyond_the_known_calendar_is_no_error(client):
    office = a_drawing_office(places=2, windows=("09:00",))
    asked = an_application(office, any_near=True)
    draw_now(office.region)
    Application.objects.filter(id=asked.id).update(state="open", turn=None)
    office.region.rounds.filter(state="drawn").update(applications=3000)
    assert "melewati kalender libur" in read(client.get(f"/p/{asked.code}/"))


def test_while_the_round_is_drawn_nothing_can_be_changed(client, evening):
    office = a_drawing_office()
    asked = an_application(office)
    opened = turns.open_round(office.region, now=at("09:00"))
    turns.seal_round(opened.id, now=at("17:00"))
    evening("17:01")
    assert "Sedang diundi" in read(client.get(f"/p/{asked.code}/"))
    for path in ("tarik/", "ubah/?bagian=waktu", "bersama/"):
        page = client.get(f"/p/{asked.code}/{path}", follow=True)
        assert "Undian sedang berlangsung" in read(page)
    page = client.post(f"/p/{asked.code}/tarik/", follow=True)
    assert "Undian sedang berlangsung" in read(page)
    assert "setelah undian selesai" in read(client.get(f"/p/{asked.code}/bukti/{opened.serial}/"))
    asked.refresh_from_db()
    assert asked.state == "open"


def test_who_won_sees_the_window_and_can_say_once_that_it_does_not_suit(client, evening):
    office = a_drawing_office(windows=("09:00",))
    asked = an_application(office, any_near=True)
    Application.objects.update(credit=2)
    draw_now(office.region)
    evening()
    asked.refresh_from_db()
    text = read(client.get(f"/p/{asked.code}/"))
    assert "Bapak/Ibu mendapat giliran" in text
    assert "09.00–09.30 WIB" in text
    turn = Turn.objects.get()
    assert f"/p/{asked.code}/" in client.get(f"/g/{turn.code}/").content.decode()
    assert "Kali ini poin tunggu tetap 2" in read(client.get(f"/p/{asked.code}/tidak-cocok/"))
    for _ in range(2):
        page = client.post(f"/p/{asked.code}/tidak-cocok/", follow=True)
    assert "Permohonan tetap ikut undian" in read(page)
    asked.refresh_from_db()
    assert (asked.state, asked.credit, asked.declined) == ("open", 2, 1)


def test_the_second_refusal_says_that_it_costs_the_credit(client, evening):
    office = a_drawing_office()
    asked = an_application(office, any_near=True)
    Application.objects.update(credit=3, declined=1)
    draw_now(office.region)
    evening()
    text = read(client.get(f"/p/{asked.code}/tidak-cocok/"))
    assert "Poin tunggu kembali ke nol" in text
    client.post(f"/p/{asked.code}/tidak-cocok/")
    asked.refresh_from_db()
    assert asked.credit == 0


def test_who_stood_by_sees_why_they_have_a_turn_and_the_code_for_the_door(client, evening):
    office = a_drawing_office(places=1, windows=("13:00",))
    for _ in range(2):
        an_application(office, any_near=True, stands_by=True)
    draw_now(office.region)
    waiting = Application.objects.get(state="open")
    turns.cancel(Turn.objects.get().id, actor="citizen", now=at("18:00"))
    turns.fill_held(office.id, now=at("18:01"))
    evening("18:02")
    waiting.refresh_from_db()
    text = read(client.get(f"/p/{waiting.code}/"))
    assert "Tempat ini tiba-tiba kosong" in text
    assert f"{waiting.turn.code[:4]}-{waiting.turn.code[4:]}" in text


def nik_of(application: Application) -> str:
    return unseal(application.citizen.nik_sealed)


def test_who_lost_is_told_that_they_stay_in_and_finds_the_proof(client, evening):
    office = a_drawing_office(places=1, windows=("09:00",))
    for _ in range(3):
        an_application(office, any_near=True)
    drawn = draw_now(office.region)
    evening()
    lost = Application.objects.filter(state="open").first()
    text = read(client.get(f"/p/{lost.code}/"))
    assert "Kali ini belum mendapat tempat" in text
    assert "Poin tunggu Bapak/Ibu bertambah satu" in text
    assert "Selasa, 24 November 2026, pukul 17.00 WIB" in text
    proof = read(client.get(f"/p/{lost.code}/bukti/{drawn.serial}/"))
    command = re.search(
        r"giliran draw verify \S+ --root (\w+) --salt (\w+) --nik NIK --service (\w+)", proof
    )
    root, salt, service = command.groups()
    assert root == drawn.root
    file = json.loads(applications.public_file(drawn))
    found = entry(file, salt, nik_of(lost), service)
    assert found is not None
    assert found[1]["id"] in proof
    assert file["result"][found[0]] is None
    assert client.get(f"/p/{lost.code}/bukti/999/").status_code == 404


def test_one_part_is_changed_and_the_others_stay(client):
    office = a_drawing_office()
    an_office("cilegon", latitude="-6.02")
    asked = an_application(office, halves=("wed-pm", "mon-am"), stands_by=True, is_priority=True)
    url = f"/p/{asked.code}/ubah/"
    assert "checked" in client.get(f"{url}?bagian=waktu").content.decode()
    client.post(f"{url}?bagian=kantor", {"kantor": ["cilegon", "serang"], "dekat": ["0", "1"]})
    asked.refresh_from_db()
    assert (len(asked.office_ids), asked.any_near) == (2, True)
    assert (asked.halves, asked.stands_by, asked.is_priority) == (["wed-pm", "mon-am"], True, True)
    client.post(f"{url}?bagian=waktu", {"waktu": "apa", "persiapan": "6"})
    client.post(f"{url}?bagian=bantuan", {"didahulukan": "", "needs": "companion"})
    asked.refresh_from_db()
    assert (asked.halves, asked.stands_by, asked.is_priority) == ([], False, False)
    assert (asked.needs, asked.is_broad) == (["companion"], True)


def test_a_change_that_cannot_be_read_changes_nothing(client):
    asked = an_application(a_drawing_office())
    for part, field in (("kantor", "offices"), ("waktu", "halves")):
        page = client.post(f"/p/{asked.code}/ubah/?bagian={part}", {"waktu": "pilih"})
        assert page.status_code == 422
        assert f'href="#id_{field}"' in page.content.decode()


def test_withdrawing_asks_once_more(client):
    asked = an_application(a_drawing_office())
    assert "Tarik permohonan ini?" in read(client.get(f"/p/{asked.code}/tarik/"))
    asked.refresh_from_db()
    assert asked.state == "open"
    page = client.post(f"/p/{asked.code}/tarik/", follow=True)
    assert "Permohonan sudah ditarik" in read(page)
    assert client.get(f"/p/{asked.code}/ubah/").status_code == 302


@pytest.mark.parametrize(
    ("wish", "waits_longer"),
    [
        ({"dekat": "1", "waktu": "apa"}, False),
        ({"dekat": "0", "waktu": "apa"}, True),
        ({"dekat": "1", "waktu": "pilih", "paruh": ["mon-am"]}, True),
    ],
)
def test_who_chooses_narrowly_reads_before_that_they_wait_longer(client, wish, waits_longer):
    a_drawing_office()
    an_office("cilegon", latitude="-6.02")

    choosing = client.get(APPLY, {"rumah": "", "langkah": "rumah"})
    check = client.post(APPLY, typed(langkah="siapa", kantor="serang", **wish))

    assert "Hanya satu kantor: menunggu jauh lebih lama" in read(choosing)
    assert ("menunggu jauh lebih lama" in read(check)) is waits_longer


def test_a_family_applies_together_and_only_says_who(client):
    office = a_drawing_office()
    one = an_application(office, halves=("tue-am",))
    form = {"bersama": one.code, "name": "Budi", "nik": a_nik(), "request_key": str(uuid4())}
    page = client.get(APPLY, {"bersama": one.code})
    assert "Siapa yang akan datang?" in read(page)
    assert "Periksa dulu" in read(client.post(APPLY, form | {"langkah": "siapa"}))
    sent = client.post(APPLY, form | {"langkah": "simpan"})
    two = Application.objects.exclude(id=one.id).get()
    one.refresh_from_db()
    assert one.party is not None
    assert (two.party, two.halves) == (one.party, ["tue-am"])
    assert "Diundi bersama" in read(client.get(sent["Location"]))


def test_who_can_not_come_along_leaves_the_first_as_it_was(client):
    office = a_drawing_office()
    one, other = an_application(office), an_application(office, nik=a_nik(77))
    form = {"bersama": one.code, "name": "Budi", "nik": a_nik(77), "request_key": str(uuid4())}
    page = client.post(APPLY, form | {"langkah": "simpan"})
    assert page.status_code == 409
    one.refresh_from_db()
    assert one.party is None
    assert Application.objects.filter(id=other.id, state="open").exists()


def test_services_that_these_offices_lack_are_not_offered_together(client):
    office = a_drawing_office()
    one = an_application(office)
    for counter in office.counters.all():
        counter.services.remove(*counter.services.filter(code="jkm"))
    text = read(client.get(f"/p/{one.code}/bersama/"))
    assert "Klaim JHT" in text
    assert "Klaim JKM" not in text


def test_the_day_is_the_region_s_own_where_the_draw_is_early_in_the_east(client):
    office = a_drawing_office("jayapura", time_zone="Asia/Jayapura")
    Region.objects.update(time_zone="Asia/Jayapura", draw_at="07:00")
    asked = an_application(office)
    text = read(client.get(f"/p/{asked.code}/"))
    assert "Selasa, 24 November 2026, pukul 07.00 WIT" in text
