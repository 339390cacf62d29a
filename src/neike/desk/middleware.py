"""Around every page that is only read: what people are at the desk is looked up once."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from neike.desk import policies

View = Callable[[HttpRequest], HttpResponse]
_READS = ("GET", "HEAD")


def standings(get_response: View) -> View:
    """Remember standings for one request that reads. One that writes may change them, so it remembers nothing."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method not in _READS:
            return get_response(request)
        with policies.remembered():
            return get_response(request)

    return answer
