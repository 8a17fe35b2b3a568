"""Addresses of reviews and alarms."""

from django.urls import path

from giliran.web.manager import alarms, reviews

urlpatterns = [
    path("peringatan/", alarms.all_alarms, name="all_alarms"),
    path("wilayah/<slug:slug>/peringatan/", alarms.region_alarms, name="region_alarms"),
    path("<slug:slug>/peringatan/", alarms.office_alarms, name="office_alarms"),
    path("<slug:slug>/peringatan/spanduk/", alarms.banner, name="alarm_banner"),
    path("tinjauan/", reviews.all_reviews, name="all_reviews"),
    path("tinjauan/<slug:which>/", reviews.all_review, name="all_review"),
    path("tinjauan/<slug:which>/<slug:kind>/", reviews.all_file, name="all_review_file"),
    path("wilayah/<slug:slug>/tinjauan/", reviews.region_reviews, name="region_reviews"),
    path("wilayah/<slug:slug>/tinjauan/<slug:which>/", reviews.region_review, name="region_review"),
    path(
        "wilayah/<slug:slug>/tinjauan/<slug:which>/<slug:kind>/",
        reviews.region_file,
        name="region_review_file",
    ),
    path("<slug:slug>/tinjauan/", reviews.office_reviews, name="office_reviews"),
    path("<slug:slug>/tinjauan/<slug:which>/", reviews.office_review, name="office_review"),
    path(
        "<slug:slug>/tinjauan/<slug:which>/<slug:kind>/",
        reviews.office_file,
        name="office_review_file",
    ),
]
