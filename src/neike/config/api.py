"""The API: every module's router under one address, one shape of errors, one description (OpenAPI)."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.security import SessionAuth

from neike.kernel.policies import SIGNED_IN, declare, declare_route

MODULES = ("kernel.notices", "org", "catalog", "relations", "desk", "surveys", "insights")
REFUSALS = {
    400: "The request cannot be read.",
    401: "Nobody is signed in.",
    403: "This person may not do that.",
    404: "There is no such thing, or this person may not see it.",
    409: "Somebody was faster: the answer says what changed.",
    422: "A value is missing or wrong: the answer names it.",
}
_PROBLEM = {
    "type": "object",
    "properties": {"code": {"type": "string"}, "detail": {}},
    "required": ["code"],
}

DESCRIPTION = declare("api.description", SIGNED_IN)
for _route in ("api:openapi-json", "api:api-root"):
    declare_route(_route, DESCRIPTION)


class DescribedAPI(NinjaAPI):
    """Documents the refusals that every operation shares."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """Return the description with the shared refusals added."""
        schema = super().get_openapi_schema(**options)
        for path in schema["paths"].values():
            for operation in path.values():
                for status, meaning in REFUSALS.items():
                    operation["responses"].setdefault(
                        status,
                        {
                            "description": meaning,
                            "content": {"application/json": {"schema": _PROBLEM}},
                        },
                    )
        return schema


api = DescribedAPI(
    title="Neike",
    version="1",
    urls_namespace="api",
    auth=SessionAuth(csrf=True),
    docs_url=None,
    openapi_url="/openapi.json",
)


def _answer(request: HttpRequest, status: int, code: str, detail: Any = None) -> HttpResponse:  # noqa: ANN401
    body = {"code": code} if detail is None else {"code": code, "detail": detail}
    return api.create_response(request, body, status=status)


@api.exception_handler(PermissionDenied)
def _denied(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return _answer(request, 403, str(error) or "policy")


@api.exception_handler(Http404)
def _missing(request: HttpRequest, _error: Http404) -> HttpResponse:
    return _answer(request, 404, "not_found")


@api.exception_handler(AuthenticationError)
def _anonymous(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    return _answer(request, 401, "not_signed_in")


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    detail = [{"where": list(item["loc"]), "what": item["msg"]} for item in error.errors]
    return _answer(request, 422, "invalid", detail)


@api.exception_handler(HttpError)
def _refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _answer(request, error.status_code, "refused", str(error))


for _module in MODULES:
    if find_spec(f"neike.{_module}.api"):
        api.add_router("", import_module(f"neike.{_module}.api").router)
