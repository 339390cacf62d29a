"""Addresses of the relations' pages."""

from django.urls import URLPattern, path

from neike.relations.views import (
    agreements,
    chart,
    departments,
    mine,
    needs,
    new,
    relations,
    together,
)

app_name = "relations"

RELATIONS: list[URLPattern] = [
    path("relations/", mine.mine, name="mine"),
    path("relations/new/", new.new, name="new"),
    path("relations/confirm/", together.confirm_together, name="confirm_together"),
    path("relations/chart/", chart.follow_chart, name="follow_chart"),
    path("relations/chart/whole/", chart.follow_whole_chart, name="follow_whole_chart"),
    path("relations/departments/<uuid:public_id>/", departments.department, name="department"),
    path("relations/<uuid:public_id>/", relations.relation, name="relation"),
    path("relations/<uuid:public_id>/confirm/", relations.confirm, name="confirm"),
    path("relations/<uuid:public_id>/refuse/", relations.refuse, name="refuse"),
    path("relations/<uuid:public_id>/end/", relations.end, name="end"),
    path("relations/<uuid:public_id>/closeness/", relations.closeness, name="closeness"),
    path("relations/<uuid:public_id>/correct/", relations.correct, name="correct"),
    path("relations/<uuid:public_id>/note/", relations.note, name="note"),
]

NEEDS: list[URLPattern] = [
    path("relations/<uuid:public_id>/needs/", needs.of_relation, name="needs"),
    path("relations/<uuid:public_id>/needs/new/", needs.state, name="need_new"),
    path("relations/needs/<uuid:public_id>/", needs.need, name="need"),
    path("relations/needs/<uuid:public_id>/change/", needs.change, name="need_change"),
    path("relations/needs/<uuid:public_id>/retire/", needs.retire, name="need_retire"),
    path("relations/needs/<uuid:public_id>/guess/", needs.guess, name="need_guess"),
    path("relations/needs/<uuid:public_id>/show/", needs.show, name="need_show"),
    path("relations/needs/<uuid:public_id>/review/", needs.review, name="need_review"),
    path("relations/needs/<uuid:public_id>/feeling/", needs.feeling, name="need_feeling"),
]

AGREEMENTS: list[URLPattern] = [
    path("relations/<uuid:public_id>/agreements/", agreements.of_relation, name="agreements"),
    path("relations/<uuid:public_id>/agreements/new/", agreements.propose, name="agreement_new"),
    path(
        "relations/departments/<uuid:public_id>/agreements/",
        agreements.of_department,
        name="department_agreements",
    ),
    path("relations/agreements/<uuid:public_id>/", agreements.agreement, name="agreement"),
    path(
        "relations/agreements/<uuid:public_id>/print/", agreements.printed, name="agreement_print"
    ),
    path("relations/agreements/<uuid:public_id>/sign/", agreements.sign, name="agreement_sign"),
    path(
        "relations/agreements/<uuid:public_id>/decline/",
        agreements.decline,
        name="agreement_decline",
    ),
    path(
        "relations/agreements/<uuid:public_id>/review/",
        agreements.review,
        name="agreement_review",
    ),
    path("relations/agreements/<uuid:public_id>/end/", agreements.end, name="agreement_end"),
]

urlpatterns: list[URLPattern] = [*RELATIONS, *NEEDS, *AGREEMENTS]
