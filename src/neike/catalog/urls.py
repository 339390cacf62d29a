"""Addresses of the catalogue."""

from django.urls import path

from neike.catalog.views import editing, importing, managing, plans, reading, versions

app_name = "catalog"

urlpatterns = [
    path("catalog/", reading.browse, name="browse"),
    path("catalog/people/", reading.people, name="people"),
    path("catalog/departments/<str:code>/", reading.department, name="department"),
    path("catalog/services/<slug:key>/", reading.service, name="service"),
    path("catalog/manage/", managing.manage, name="manage"),
    path("catalog/manage/new/", managing.new, name="new"),
    path("catalog/manage/import/", importing.import_file, name="import"),
    path("catalog/manage/services/<slug:key>/", managing.edit, name="edit"),
    path("catalog/manage/services/<slug:key>/state/", managing.set_state, name="state"),
    path("catalog/manage/services/<slug:key>/file/", managing.export, name="export"),
    path("catalog/manage/services/<slug:key>/form/", editing.form, name="form"),
    path("catalog/manage/services/<slug:key>/versions/", versions.versions, name="versions"),
    path("catalog/manage/services/<slug:key>/preview/", plans.preview, name="preview"),
    path("catalog/manage/services/<slug:key>/plan/", plans.plan, name="plan"),
    path("catalog/manage/services/<slug:key>/standard/", editing.standard, name="standard"),
    path(
        "catalog/manage/services/<slug:key>/standard/state/",
        editing.standard_state,
        name="standard_state",
    ),
]
