"""Addresses of the portal."""

from django.urls import path

from neike.portal import views

app_name = "portal"

urlpatterns = [
    path("", views.home, name="home"),
    path("loop/", views.loops, name="loops"),
    path("loop/<uuid:public_id>/", views.loop, name="loop"),
]
