"""Addresses of the demo's mailbox."""

from django.urls import path

from neike.kernel.mail import views

app_name = "mail"

urlpatterns = [
    path("demo/mail/", views.catcher, name="catcher"),
    path("demo/mail/<int:pk>/", views.caught, name="caught"),
    path("demo/mail/<int:pk>/html/", views.caught_html, name="caught_html"),
]
