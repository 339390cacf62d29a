"""From a pair on the drawing to the page of its relation."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from neike.insights.views.maps.reading import department_named, map_reading
from neike.kernel.policies import policy


@require_safe
@policy("insights.map")
def relation(request: HttpRequest) -> HttpResponse:
    """Lead to the relation of a pair that is on the map; a large map names its ends only, to stay small."""
    read = map_reading(request)
    ends = [
        department_named(request.GET.get(name, ""), read.organisation)
        for name in ("provider", "customer")
    ]
    pair = tuple(end.id if end else 0 for end in ends)
    for edge in read.map.edges:
        if edge.pair == pair and edge.relations:
            return redirect(edge.relations[0].path)
    raise Http404
