"""The address at which a browser listens."""

from django.urls import path

from neike.kernel.live import views

app_name = "live"

urlpatterns = [path("live/", views.listen, name="listen")]
