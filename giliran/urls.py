"""Every address of the system."""

from django.urls import URLPattern, URLResolver, include, path

from giliran.web import health
from giliran.web.counter import roster
from giliran.web.public import before_after, trying

urlpatterns: list[URLPattern | URLResolver] = [
    path("bahasa/", include("django.conf.urls.i18n")),
    path("api/v1/", include("giliran.api.urls")),
    path("chat/", include("giliran.chat.urls")),
    path("petugas/", include("giliran.web.counter.urls")),
    path("jadwal/<str:token>.ics", roster.feed, name="roster_feed"),
    path("kepala/", include("giliran.web.manager.urls")),
    path("kios/", include("giliran.web.kiosk.urls")),
    path("papan/", include("giliran.web.board.urls")),
    path("undian/", include("giliran.web.public.urls")),
    path("coba/", trying.trying, name="trying"),
    path("coba/serang/", before_after.before_after_page, name="before_after"),
    path("sehat/", health.health, name="health"),
    path("sehat/halaman/", health.pages_health, name="pages_health"),
    path("periksa/", include("giliran.web.public.letter_urls")),
    path("data/", include("giliran.web.public.data_urls")),
    path("tanya/", include("giliran.web.talk.urls")),
    path("", include("giliran.web.citizen.urls")),
]
