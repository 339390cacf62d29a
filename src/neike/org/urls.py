"""Addresses of the organisation."""

from django.urls import path

from neike.org.views import (
    accounts,
    calendars,
    demo_sign_in,
    departments,
    erasures,
    imports,
    lines,
    people,
    positions,
    posts,
    profile,
    restructuring,
    roles,
    structure_forms,
)

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
    path("people/<uuid:public_id>/erase/", erasures.erase, name="erase_person"),
    path("people/<uuid:public_id>/erase/decline/", erasures.decline, name="decline_erasure"),
    path("people/<uuid:public_id>/password-link/", accounts.send_link, name="send_password_link"),
    path("people/<uuid:public_id>/", people.person, name="person"),
    path("roles/", roles.roles, name="roles"),
    path("roles/grant/", roles.grant, name="grant_role"),
    path("roles/proposals/<uuid:public_id>/", roles.decide, name="decide_role"),
    path("roles/<int:pk>/end/", roles.revoke, name="revoke_role"),
    path("roles/who-may/", roles.who_may, name="who_may"),
]

urlpatterns += [
    path("departments/", departments.departments, name="departments"),
    path("departments/new/", structure_forms.add_department, name="add_department"),
    path("departments/<uuid:public_id>/", departments.department, name="department"),
    path(
        "departments/<uuid:public_id>/change/",
        restructuring.change_department,
        name="change_department",
    ),
    path(
        "departments/<uuid:public_id>/close/",
        restructuring.close_department,
        name="close_department",
    ),
    path(
        "departments/<uuid:public_id>/reopen/",
        restructuring.reopen_department,
        name="reopen_department",
    ),
    path("departments/merge/", restructuring.merge, name="merge_departments"),
    path("departments/<uuid:public_id>/split/", restructuring.split, name="split_department"),
    path("positions/<uuid:public_id>/change/", positions.change, name="change_position"),
    path("positions/<uuid:public_id>/close/", positions.close, name="close_position"),
    path("positions/<uuid:public_id>/reopen/", positions.reopen, name="reopen_position"),
    path("people/<uuid:public_id>/posts/new/", posts.give_post, name="give_post"),
    path(
        "people/<uuid:public_id>/posts/<int:pk>/primary/", posts.make_primary, name="make_primary"
    ),
    path("people/<uuid:public_id>/posts/<int:pk>/end/", posts.end_post, name="end_post"),
    path("people/<uuid:public_id>/line/", lines.set_line, name="set_line"),
    path("people/<uuid:public_id>/line/<int:pk>/end/", lines.end_line, name="end_line"),
    path("departments/<uuid:public_id>/leads/", structure_forms.set_lead, name="set_lead"),
    path(
        "departments/<uuid:public_id>/leads/<int:pk>/end/",
        structure_forms.end_lead,
        name="end_lead",
    ),
    path(
        "departments/<uuid:public_id>/positions/", structure_forms.add_position, name="add_position"
    ),
    path("departments/<uuid:public_id>/placements/", structure_forms.place, name="place"),
    path(
        "departments/<uuid:public_id>/placements/<int:pk>/end/",
        structure_forms.end_placement,
        name="end_placement",
    ),
    path("calendars/", calendars.calendars, name="calendars"),
    path("calendars/new/", calendars.add_calendar, name="add_calendar"),
    path("calendars/<uuid:public_id>/", calendars.calendar, name="calendar"),
    path("calendars/<uuid:public_id>/change/", calendars.change_calendar, name="change_calendar"),
    path("calendars/<uuid:public_id>/copy/", calendars.copy_calendar, name="copy_calendar"),
    path("calendars/<uuid:public_id>/dates/", calendars.set_dates, name="set_calendar_dates"),
    path(
        "calendars/<uuid:public_id>/dates/<int:pk>/remove/",
        calendars.remove_date,
        name="remove_calendar_date",
    ),
    path(
        "calendars/<uuid:public_id>/years/<int:year>/load/",
        calendars.load_year,
        name="load_calendar_year",
    ),
    path(
        "calendars/<uuid:public_id>/years/<int:year>/confirm/",
        calendars.confirm_year,
        name="confirm_calendar_year",
    ),
    path(
        "calendars/<uuid:public_id>/default/",
        calendars.make_default,
        name="make_default_calendar",
    ),
    path("import/", imports.imports, name="import"),
    path("import/<uuid:public_id>/", imports.show, name="import_show"),
    path("import/<uuid:public_id>/columns/", imports.choose_columns, name="import_columns"),
    path(
        "import/<uuid:public_id>/sheet/<int:part>/",
        imports.choose_sheet,
        name="import_sheet",
    ),
    path("import/<uuid:public_id>/apply/", imports.apply, name="import_apply"),
    path("import/<uuid:public_id>/discard/", imports.discard, name="import_discard"),
    path("import/<uuid:public_id>/notes.csv", imports.notes, name="import_notes"),
]
