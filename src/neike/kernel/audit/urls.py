"""Addresses of the record."""

from django.urls import path

from neike.kernel.audit import views

app_name = "audit"

urlpatterns = [
    path("audit/", views.entries, name="entries"),
    path("audit/head.txt", views.head, name="head"),
]
