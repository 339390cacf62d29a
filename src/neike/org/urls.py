"""Addresses of the organisation."""

from django.urls import path

from neike.org.views import demo_sign_in, people, profile

app_name = "org"

urlpatterns = [
    path("account/demo/", demo_sign_in.demo_sign_in, name="demo_sign_in"),
    path("profile/", profile.profile, name="profile"),
    path("profile/preferences/", profile.keep_preferences, name="keep_preferences"),
    path("profile/absences/", profile.add_absence, name="add_absence"),
    path("profile/absences/<int:pk>/end/", profile.end_absence, name="end_absence"),
    path("profile/substitutes/", profile.add_substitute, name="add_substitute"),
    path("profile/substitutes/<int:pk>/end/", profile.end_substitute, name="end_substitute"),
    path("people/", people.directory, name="people"),
    path("people/<uuid:public_id>/", people.person, name="person"),
]
