"""The desk for programs: the same actions, policies and errors as the pages. `router` is mounted by `config.api`."""

from ninja import Router

from neike.desk.api.articles import router as articles
from neike.desk.api.department_notices import router as department_notices
from neike.desk.api.escalation import router as escalation
from neike.desk.api.legs import router as legs
from neike.desk.api.messages import router as messages
from neike.desk.api.own import router as own
from neike.desk.api.related import router as related
from neike.desk.api.requests import router as requests
from neike.desk.api.rules import router as rules
from neike.desk.api.steps import router as steps
from neike.desk.api.working import router as working

router = Router(tags=["requests"])
for _part in (requests, messages, legs, steps, working, rules, related, own, escalation):
    router.add_router("", _part)
router.add_router("", articles, tags=["knowledge"])
router.add_router("", department_notices, tags=["department notices"])

__all__ = ["router"]
