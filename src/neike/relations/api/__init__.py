"""Relations for programs: the same actions, policies and errors as the pages. `router` is mounted by `config.api`."""

from ninja import Router

from neike.relations.api.agreements import router as agreements
from neike.relations.api.needs import router as needs
from neike.relations.api.relations import router as relations

router = Router(tags=["relations"])
for _part in (relations, needs, agreements):
    router.add_router("", _part)

__all__ = ["router"]
