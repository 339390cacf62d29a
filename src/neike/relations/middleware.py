"""Around every page that is only read: what people are to relations is looked up once."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from neike.relations.standing import remembered

View = Callable[[HttpRequest], HttpResponse]
_READS = ("GET", "HEAD")


def standings(get_response: View) -> View:
    """Remember standings for one request that reads; one that writes may change them."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method not in _READS:
            return get_response(request)
        with remembered():
            return get_response(request)

    return answer
