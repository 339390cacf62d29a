"""Addresses of ratings."""

from django.urls import path

from neike.surveys.views import rate, ratings

app_name = "surveys"

_TICKET = "requests/R-<int:number>/"

urlpatterns = [
    path(f"{_TICKET}rating/", rate.rate_ticket, name="rate_ticket"),
    path(f"{_TICKET}legs/<int:no>/rating/", rate.rate_leg, name="rate_leg"),
    path("ratings/", ratings.home, name="home"),
    path("ratings/<uuid:public_id>/", ratings.ratings, name="ratings"),
]
