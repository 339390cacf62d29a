"""What people do to the catalogue: offer services, give them forms and standards, publish and retire them."""

from neike.catalog.actions.bulk import ServiceDraft, create_published
from neike.catalog.actions.catch_all import ensure_catch_all, ensure_catch_alls
from neike.catalog.actions.content import StandardContent, StepContent, minutes
from neike.catalog.actions.errors import (
    CatalogError,
    FormRefusedError,
    NotReadyError,
    ServiceChangedError,
    ServiceRefusedError,
    StandardRefusedError,
    TakenError,
)
from neike.catalog.actions.forms import publish_form
from neike.catalog.actions.moves import follow_merges, move_service
from neike.catalog.actions.services import (
    ServiceFields,
    create_service,
    publish_service,
    retire_service,
    update_service,
)
from neike.catalog.actions.standards import (
    content_of,
    discard_draft,
    draft_standard,
    plan_problems,
    publish_standard,
    step_content,
    with_plan_of,
)

__all__ = [
    "CatalogError",
    "FormRefusedError",
    "NotReadyError",
    "ServiceChangedError",
    "ServiceDraft",
    "ServiceFields",
    "ServiceRefusedError",
    "StandardContent",
    "StandardRefusedError",
    "StepContent",
    "TakenError",
    "content_of",
    "create_published",
    "create_service",
    "discard_draft",
    "draft_standard",
    "ensure_catch_all",
    "ensure_catch_alls",
    "follow_merges",
    "minutes",
    "move_service",
    "plan_problems",
    "publish_form",
    "publish_service",
    "publish_standard",
    "retire_service",
    "step_content",
    "update_service",
    "with_plan_of",
]
