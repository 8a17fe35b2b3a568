"""Addresses of the open data."""

from django.urls import URLPattern, path

from giliran.web.public import open_data

urlpatterns: list[URLPattern] = [
    path("", open_data.data, name="data"),
    path("kantor.csv", open_data.places_file, name="data_places"),
    path("datapackage.json", open_data.datapackage, name="datapackage"),
    path("angka-<str:month>.csv", open_data.month_csv, name="data_csv"),
    path("angka-<str:month>.parquet", open_data.month_parquet, name="data_parquet"),
]
