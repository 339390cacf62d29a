"""Addresses of the desk. A request is known by its number: /requests/R-1042/."""

from django.urls import path

from neike.desk.views import (
    assignment,
    legs,
    messages,
    mine,
    new,
    people,
    presence,
    queue,
    rules,
    ticket,
    tickets,
)
from neike.desk.views.articles import beside, keeping, reading, writing

app_name = "desk"

_TICKET = "requests/R-<int:number>/"
_LEG = f"{_TICKET}legs/<int:no>/"

urlpatterns = [
    path("requests/", mine.mine, name="mine"),
    path("requests/new/<slug:key>/", new.new, name="new"),
    path("requests/new/<slug:key>/draft/", new.keep_draft, name="draft"),
    path("requests/new/<slug:key>/draft/discard/", new.discard_draft, name="discard_draft"),
    path("queue/", queue.queue, name="queue"),
    path("queue/bulk/", queue.bulk, name="queue_bulk"),
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
