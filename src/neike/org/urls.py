"""Addresses of the organisation."""

from django.urls import path

from neike.org.views import accounts, demo_sign_in, people, profile, roles

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
    path("people/new/", accounts.add, name="add_person"),
    path("people/<uuid:public_id>/change/", accounts.change, name="change_person"),
    path("people/<uuid:public_id>/sign-in/", accounts.switch, name="switch_sign_in"),
    path("people/<uuid:public_id>/password-link/", accounts.send_link, name="send_password_link"),
    path("people/<uuid:public_id>/", people.person, name="person"),
    path("roles/", roles.roles, name="roles"),
    path("roles/grant/", roles.grant, name="grant_role"),
    path("roles/proposals/<uuid:public_id>/", roles.decide, name="decide_role"),
    path("roles/<int:pk>/end/", roles.revoke, name="revoke_role"),
    path("roles/who-may/", roles.who_may, name="who_may"),
]
