"""Addresses of these screens."""

from django.urls import include, path

from giliran.web.manager import (
    capacity_check,
    claims,
    complaints,
    drawing,
    ending,
    findings,
    findings_enter,
    numbers,
    past,
    payments,
    region,
    today,
    week,
    what_if,
)

urlpatterns = [
    path("", region.offices_now, name="manager_offices"),
    path("", include("giliran.web.manager.review_urls")),
    path("", include("giliran.web.manager.roster_urls")),
    path("temuan/", findings.home, name="findings"),
    path("temuan/baru/", findings_enter.enter, name="finding_enter"),
    path("temuan/<slug:code>/", findings.one, name="finding"),
    path("temuan/<slug:code>/<int:position>/lapor/", findings.report, name="finding_report"),
    path("temuan/<slug:code>/<int:position>/putuskan/", findings.decide, name="finding_decide"),
    path("klaim/", claims.all_regions, name="claims_regions"),
    path("wilayah/<slug:slug>/klaim/", claims.region_claims, name="region_claims"),
    path("wilayah/<slug:slug>/undian/", drawing.region_draws, name="region_draws"),
    path("wilayah/<slug:slug>/mencurigakan/", drawing.suspicious, name="suspicious"),
    path("aduan/", complaints.all_complaints, name="complaints_regions"),
    path("wilayah/<slug:slug>/aduan/", complaints.region_complaints, name="region_complaints"),
    path("wilayah/<slug:slug>/pembayaran/", payments.home, name="payments"),
    path("wilayah/<slug:slug>/pembayaran/jawaban/", payments.take_answer, name="payments_answer"),
    path(
        "wilayah/<slug:slug>/pembayaran/tanya/<int:payment_id>/",
        payments.settle,
        name="payments_settle",
    ),
    path(
        "wilayah/<slug:slug>/pembayaran/rekening/<int:claim_id>/",
        payments.ask_for_account,
        name="payments_account",
    ),
    path("wilayah/<slug:slug>/pembayaran/<slug:code>/", payments.order, name="payments_order"),
    path("wilayah/<slug:slug>/kapasitas/", capacity_check.region_capacity, name="region_capacity"),
    path("<slug:slug>/", today.manager, name="manager"),
    path("<slug:slug>/kapasitas/", capacity_check.office_capacity, name="office_capacity"),
    path("<slug:slug>/akhiri/", ending.end_day, name="manager_end_day"),
    path("<slug:slug>/angka/", numbers.day_in_figures, name="manager_figures"),
    path("<slug:slug>/riwayat/", past.history, name="manager_history"),
    path("<slug:slug>/minggu/", week.week, name="week"),
    path("<slug:slug>/bagaimana-jika/", what_if.what_if, name="manager_what_if"),
]
