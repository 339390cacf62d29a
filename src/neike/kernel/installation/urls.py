"""Addresses of the settings."""

from django.urls import path

from neike.kernel.installation import views

app_name = "installation"

urlpatterns = [
    path("settings/", views.settings_page, name="settings"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("robots.txt", views.robots, name="robots"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("logo/<int:revision>/", views.logo, name="logo"),
]
