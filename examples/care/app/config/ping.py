"""What the load balancer asks."""

from django.http import HttpRequest, JsonResponse


def ping(_request: HttpRequest) -> JsonResponse:
    """Whether this process answers. Database, Redis and bucket are not asked: no restart of this task would mend them."""
    return JsonResponse({"status": "OK"})
