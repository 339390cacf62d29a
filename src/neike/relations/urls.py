"""Addresses of the relations' pages."""

from django.urls import URLPattern

app_name = "relations"
urlpatterns: list[URLPattern] = []
