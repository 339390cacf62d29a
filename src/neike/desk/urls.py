"""Addresses of the desk. A request is known by its number: /requests/R-1042/."""

from django.urls import path

from neike.desk.views import (
    approvals,
    approver,
    assignment,
    bulk,
    checklists,
    escalation,
    export,
    legs,
    macros,
    mailed,
    messages,
    mine,
    my_board,
    new,
    own,
    people,
    presence,
    quality,
    queue,
    recurring,
    related,
    rules,
    saved_views,
    tasks,
    ticket,
    tickets,
)
from neike.desk.views.articles import beside, keeping, reading, writing
from neike.desk.views.department_notices import reading as notices_read
from neike.desk.views.department_notices import requests as notices_requests
from neike.desk.views.department_notices import writing as notices_write

app_name = "desk"

_TICKET = "requests/R-<int:number>/"
_LEG = f"{_TICKET}legs/<int:no>/"

urlpatterns = [
    path("requests/", mine.mine, name="mine"),
    path("requests/new/<slug:key>/", new.new, name="new"),
    path("requests/new/<slug:key>/draft/", new.keep_draft, name="draft"),
    path("requests/new/<slug:key>/draft/discard/", new.discard_draft, name="discard_draft"),
    path("queue/", queue.queue, name="queue"),
    path("queue/bulk/", bulk.bulk, name="queue_bulk"),
    path(_TICKET, ticket.ticket, name="ticket"),
    path(f"{_TICKET}print/", ticket.ticket_print, name="ticket_print"),
    path(f"{_TICKET}live/", ticket.ticket_live, name="ticket_live"),
    path(f"{_TICKET}reply/", messages.reply, name="reply"),
    path(f"{_TICKET}note/", messages.note, name="note"),
    path(f"{_TICKET}resolve/", tickets.resolve, name="resolve"),
    path(f"{_TICKET}confirm/", tickets.confirm, name="confirm"),
    path(f"{_TICKET}reopen/", tickets.reopen, name="reopen"),
    path(f"{_TICKET}cancel/", tickets.cancel, name="cancel"),
    path(f"{_TICKET}priority/", tickets.priority, name="priority"),
    path(f"{_TICKET}followers/", people.follow, name="follow"),
    path(f"{_TICKET}followers/<uuid:public_id>/remove/", people.unfollow, name="unfollow"),
    path(f"{_LEG}accept/", legs.accept, name="leg_accept"),
    path(f"{_LEG}return/", legs.give_back, name="leg_return"),
    path(f"{_LEG}assign/", legs.assign, name="leg_assign"),
    path(f"{_LEG}start/", legs.start, name="leg_start"),
    path(f"{_LEG}ask/", legs.ask, name="leg_ask"),
    path(f"{_LEG}wait/", legs.wait, name="leg_wait"),
    path(f"{_LEG}resume/", legs.resume, name="leg_resume"),
    path(f"{_LEG}deliver/", legs.deliver, name="leg_deliver"),
    path(f"{_LEG}confirm/", legs.confirm, name="leg_confirm"),
    path(f"{_LEG}rework/", legs.rework, name="leg_rework"),
    path(f"{_LEG}withdraw/", legs.withdraw, name="leg_withdraw"),
    path(f"{_LEG}hand-over/", legs.hand_over, name="leg_hand_over"),
]

_APPROVAL = f"{_TICKET}approvals/<int:no>/"
_TASK = f"{_TICKET}tasks/<int:no>/"

urlpatterns += [
    path("approvals/", approver.approvals, name="approvals"),
    path("approvals/<uuid:public_id>/<slug:verb>/", approver.decide, name="approver_decide"),
    path("approvals/mailed/<str:token>/", mailed.exchange, name="approval_link"),
    path("approvals/by-mail/<uuid:public_id>/", mailed.by_mail, name="approval_by_mail"),
    path(f"{_APPROVAL}approve/", approvals.approve, name="approval_approve"),
    path(f"{_APPROVAL}reject/", approvals.refuse, name="approval_refuse"),
    path(f"{_APPROVAL}ask/", approvals.ask_first, name="approval_ask"),
    path(f"{_APPROVAL}withdraw/", approvals.withdraw, name="approval_withdraw"),
    path(f"{_LEG}ask-approval/", approvals.ask_by_hand, name="leg_ask_approval"),
    path(f"{_LEG}add-task/", tasks.add, name="leg_add_task"),
    path(f"{_TASK}tick/", tasks.tick, name="task_tick"),
    path(f"{_TASK}done/", tasks.finish, name="task_done"),
    path(f"{_TASK}take/", tasks.take, name="task_take"),
    path(f"{_TASK}assign/", tasks.assign, name="task_assign"),
    path(f"{_TASK}drop/", tasks.drop, name="task_drop"),
    path(f"{_TASK}reopen/", tasks.reopen, name="task_reopen"),
    path(f"{_TICKET}plan/<slug:key>/skip/", tasks.skip_step, name="skip_step"),
    path("checklists/", checklists.checklists, name="checklists"),
    path("checklists/<uuid:public_id>/", checklists.checklist, name="checklist"),
    path("checklists/<uuid:public_id>/retire/", checklists.retire, name="checklist_retire"),
]


_ARTICLE = "knowledge/<slug:key>/"

urlpatterns += [
    path("knowledge/", reading.knowledge, name="knowledge"),
    path("knowledge/new/", writing.article_new, name="article_new"),
    path("knowledge/preview/", writing.article_preview, name="article_preview"),
    path("knowledge/manage/", keeping.articles_manage, name="articles_manage"),
    path("knowledge/misses/", keeping.search_misses, name="search_misses"),
    path(_ARTICLE, reading.article, name="article"),
    path(f"{_ARTICLE}vote/", reading.article_vote, name="article_vote"),
    path(f"{_ARTICLE}edit/", writing.article_edit, name="article_edit"),
    path(f"{_ARTICLE}state/", writing.article_state, name="article_state"),
    path(f"{_ARTICLE}review/", writing.article_review, name="article_review"),
    path(f"{_ARTICLE}history/", writing.article_history, name="article_history"),
    path(f"{_ARTICLE}restore/", writing.article_restore, name="article_restore"),
    path(f"{_TICKET}articles/", beside.ticket_articles, name="ticket_articles"),
    path(
        "requests/new/<slug:key>/solved/<slug:article>/",
        beside.article_solved,
        name="article_solved",
    ),
]
urlpatterns += [path(f"{_TICKET}presence/", presence.presence, name="presence")]
urlpatterns += [
    path("requests/recurring/", recurring.recurring, name="recurring"),
    path("requests/recurring/new/<slug:key>/", recurring.recurring_new, name="recurring_new"),
    path("requests/recurring/<uuid:public_id>/", recurring.recurring_act, name="recurring_act"),
    path("quality/", quality.checks, name="quality"),
    path("quality/<uuid:public_id>/", quality.check, name="quality_check"),
    path("quality/services/<slug:key>/", quality.plan, name="quality_plan"),
]

_QUEUE = "queue/"
_VIEW = f"{_QUEUE}views/<uuid:public_id>/"

urlpatterns += [
    path(f"{_QUEUE}columns/", saved_views.columns, name="queue_columns"),
    path(f"{_QUEUE}shortcuts/", saved_views.shortcuts, name="queue_shortcuts"),
    path(f"{_QUEUE}bulk/<uuid:public_id>/", bulk.bulk_run, name="bulk_run"),
    path(f"{_QUEUE}bulk/<uuid:public_id>/undo/", bulk.bulk_undo, name="bulk_undo"),
    path(f"{_QUEUE}export.csv", export.export, {"kind": "csv"}, name="queue_csv"),
    path(f"{_QUEUE}export.xlsx", export.export, {"kind": "xlsx"}, name="queue_xlsx"),
    path(f"{_QUEUE}views/", saved_views.saved_views, name="saved_views"),
    path(f"{_QUEUE}views/new/", saved_views.new_view, name="new_view"),
    path(_VIEW, saved_views.edit_view, name="edit_view"),
    path(f"{_VIEW}delete/", saved_views.delete_view, name="delete_view"),
    path(f"{_VIEW}move/", saved_views.move_view, name="move_view"),
    path(f"{_QUEUE}macros/", macros.macros, name="macros"),
    path(f"{_QUEUE}macros/new/", macros.new_macro, name="new_macro"),
    path(f"{_QUEUE}macros/<uuid:public_id>/", macros.edit_macro, name="edit_macro"),
    path(f"{_QUEUE}macros/<uuid:public_id>/delete/", macros.delete_macro, name="delete_macro"),
]

_RULE = "rules/<uuid:public_id>/"
_ASSIGNMENT = "assignment/<uuid:public_id>/"

urlpatterns += [
    path("rules/", rules.rules, name="rules"),
    path("rules/new/", rules.new, name="rule_new"),
    path("rules/log/", rules.log, name="rule_log"),
    path(_RULE, rules.rule, name="rule"),
    path(f"{_RULE}edit/", rules.edit, name="rule_edit"),
    path(f"{_RULE}switch/", rules.switch, name="rule_switch"),
    path(f"{_RULE}trial/", rules.trial, name="rule_trial"),
    path(_ASSIGNMENT, assignment.page, name="assignment"),
    path(f"{_ASSIGNMENT}people/<uuid:person>/", assignment.member, name="assignment_member"),
    path(f"{_ASSIGNMENT}skills/", assignment.skill, name="assignment_skill"),
    path(
        f"{_ASSIGNMENT}skills/<uuid:skill_id>/remove/",
        assignment.skill_gone,
        name="assignment_skill_gone",
    ),
]

urlpatterns += [
    path("requests/find/", related.find, name="find_request"),
    path(f"{_TICKET}link/", related.link, name="link"),
    path(f"{_TICKET}unlink/", related.unlink, name="unlink"),
    path(f"{_TICKET}merge/", related.merge, name="merge"),
    path(f"{_TICKET}unmerge/", related.unmerge, name="unmerge"),
    path(f"{_TICKET}split/", related.split, name="split"),
    path("requests/for-me/", own.kept, name="kept"),
    path(f"{_TICKET}draft/", own.words, name="words"),
    path(f"{_TICKET}people/", own.people, name="mention_people"),
    path(f"{_TICKET}snooze/", own.snooze, name="snooze"),
    path(f"{_TICKET}snooze/end/", own.wake, name="wake"),
    path(f"{_TICKET}reminder/", own.remind, name="remind"),
    path(f"{_TICKET}reminder/end/", own.reminded, name="reminded"),
]

_ESCALATION = "escalation/<uuid:public_id>/"

urlpatterns += [
    path(_ESCALATION, escalation.page, name="escalation"),
    path(
        f"{_ESCALATION}steps/<uuid:step_id>/remove/",
        escalation.step_gone,
        name="escalation_step_gone",
    ),
]
urlpatterns += [path("my-work/", my_board.my_board, name="my_board")]

_NOTICE = "department-notices/<uuid:public_id>/"

urlpatterns += [
    path("department-notices/", notices_read.department_notices, name="department_notices"),
    path("department-notices/banners/", notices_read.notice_banners, name="notice_banners"),
    path("department-notices/new/<slug:kind>/", notices_write.notice_new, name="notice_new"),
    path(_NOTICE, notices_read.department_notice, name="department_notice"),
    path(f"{_NOTICE}edit/", notices_write.notice_edit, name="notice_edit"),
    path(f"{_NOTICE}affected/", notices_requests.affected, name="notice_affected"),
    path(
        f"{_NOTICE}together/answer/",
        notices_requests.together,
        {"verb": "answer"},
        name="notice_answer",
    ),
    path(
        f"{_NOTICE}together/resolve/",
        notices_requests.together,
        {"verb": "resolve"},
        name="notice_resolve",
    ),
    path(f"{_NOTICE}<slug:verb>/", notices_write.notice_move, name="notice_move"),
    path(f"{_TICKET}incident/", notices_requests.link, name="link_incident"),
    path(
        f"{_TICKET}incident/<uuid:public_id>/remove/",
        notices_requests.unlink,
        name="unlink_incident",
    ),
]
