"""Addresses of the numbers' lists."""

from django.urls import path

from neike.insights import views

app_name = "insights"

urlpatterns = [path("loop/list/", views.behind, name="list")]
