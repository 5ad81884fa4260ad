"""The search of a form."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from care.users.views import signed_in
from care.valuesets import index
from care.valuesets.models import Concept


@require_GET
@signed_in
def search(request: HttpRequest, name: str) -> HttpResponse:
    """From the index, or from PostgreSQL, which finds less and is slower: `X-Search` says which."""
    text = request.GET.get("search", "")[:100]
    try:
        found, how = index.find(name, text), "redis"
    except index.NoIndex:
        found, how = _from_database(name, text), "database"
    return JsonResponse({"results": found}, headers={"X-Search": how})


def _from_database(valueset: str, text: str) -> list[dict[str, str]]:
    if len(text) < 2:
        return []
    rows = Concept.objects.filter(valueset=valueset, display__icontains=text).order_by("display")
    return list(rows.values("code", "display")[: index.MOST])
