"""Addresses of background work."""

from django.urls import path

from neike.kernel.jobs import views

app_name = "jobs"

urlpatterns = [
    path("background/", views.background, name="background"),
    path("background/jobs/<uuid:pk>/resend/", views.job_resend, name="job_resend"),
    path("background/deliveries/<int:pk>/resend/", views.delivery_resend, name="delivery_resend"),
]
