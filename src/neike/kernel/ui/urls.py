"""Addresses of the kit."""

from django.urls import path

from neike.kernel.ui import views

app_name = "ui"

urlpatterns = [
    path("ui/counts", views.counts, name="counts"),
    path("ui/style", views.style_page, name="style"),
    path("ui/theme", views.theme, name="theme"),
    path("ui/language", views.language, name="language"),
]
