"""Forms of the catalogue: the request form people fill in, and what owners write."""

from neike.catalog.forms.request import FormRow, RequestForm, request_form

__all__ = ["FormRow", "RequestForm", "request_form"]
