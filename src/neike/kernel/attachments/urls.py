"""Addresses of files."""

from django.urls import path

from neike.kernel.attachments import views

app_name = "attachments"

urlpatterns = [
    path("files/", views.upload, name="upload"),
    path("files/<uuid:public_id>/", views.download, name="download"),
    path("files/<uuid:public_id>/preview/", views.preview, name="preview"),
]
