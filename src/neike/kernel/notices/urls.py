"""Addresses of the notices."""

from django.urls import path

from neike.kernel.notices.views import preferring, reading

app_name = "notices"

urlpatterns = [
    path("notices/", reading.notices, name="list"),
    path("notices/read/", reading.all_read, name="all_read"),
    path("notices/read/<slug:kind>/<int:pk>/", reading.subject_read, name="subject_read"),
    path("notices/<int:pk>/", reading.notice_open, name="open"),
    path("notices/preferences/", preferring.preferences, name="preferences"),
    path("notices/preferences/preview/", preferring.preview, name="preview"),
    path("notices/mute/<slug:kind>/<int:pk>/", preferring.mute, name="mute"),
    path("notices/stop/<str:token>/", preferring.stop, name="stop"),
]
