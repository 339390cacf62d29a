"""What stands around a page: the shell, or nothing when a part of it is fetched again."""

from django.http import HttpRequest


def layout_for(request: HttpRequest) -> str:
    """Return what a page that follows changes extends: `{% extends layout %}` in its template."""
    is_part = request.headers.get("HX-Request") == "true"
    return "kernel/fragment.html" if is_part else "kernel/shell.html"
