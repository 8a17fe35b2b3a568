"""Addresses of these screens."""

from django.urls import URLPattern, path

from giliran.web.board import views

urlpatterns: list[URLPattern] = [
    path("<slug:slug>/", views.board, name="board"),
    path("<slug:slug>/isi/", views.board_now, name="board_now"),
    path("<slug:slug>/sematan/", views.board_embedded, name="board_embedded"),
    path("<slug:slug>/suara/", views.board_voice, name="board_voice"),
]
