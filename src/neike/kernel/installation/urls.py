"""Addresses of the settings."""

from django.urls import path

from neike.kernel.installation import views

app_name = "installation"

urlpatterns = [
    path("settings/", views.settings_page, name="settings"),
    path("logo/<int:revision>/", views.logo, name="logo"),
]
