"""Addresses of the notices."""

from django.urls import path

from neike.kernel.notices import views

app_name = "notices"

urlpatterns = [
    path("notices/", views.notices, name="list"),
    path("notices/read/", views.all_read, name="all_read"),
    path("notices/<int:pk>/", views.notice_open, name="open"),
]
