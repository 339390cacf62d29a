"""Addresses of the portal."""

from django.urls import path

from neike.portal.views import home, loop, search, start

app_name = "portal"

urlpatterns = [
    path("", home.home, name="home"),
    path("news/", home.news, name="news"),
    path("something-else/", home.something_else, name="something_else"),
    path("welcome/dismiss/", home.dismiss_welcome, name="dismiss_welcome"),
    path("search/", search.search, name="search"),
    path("search/suggestions/", search.suggest, name="suggest"),
    path("start-for-real/", start.start, name="start"),
    path("loop/", loop.loops, name="loops"),
    path("loop/<uuid:public_id>/", loop.loop, name="loop"),
]
