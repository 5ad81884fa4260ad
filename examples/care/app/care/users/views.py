"""Who asks: a user name and a password for a token, and a token for everything else."""

import functools
import json
from collections.abc import Callable

from django.contrib.auth import authenticate, get_user_model
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from care.utils.jwks import tokens


def body_of(request: HttpRequest) -> dict:
    """The JSON object of a request; empty where there is none."""
    try:
        body = json.loads(request.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


@require_POST
def login(request: HttpRequest) -> HttpResponse:
    body = body_of(request)
    user = authenticate(request, username=body.get("username"), password=body.get("password"))
    if user is None:
        return JsonResponse({"detail": "user name or password is wrong"}, status=401)
    return JsonResponse({"access": tokens.issue(str(user.pk))})


@require_GET
def public_keys(_request: HttpRequest) -> HttpResponse:
    return JsonResponse(tokens.public_set())


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view for those whose token names a user who may still come in, as `request.user`."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        try:
            subject = tokens.subject_of(token if scheme == "Bearer" else "")
        except tokens.BadToken:
            return JsonResponse({"detail": "a token is needed"}, status=401)
        request.user = get_user_model().objects.filter(pk=subject, is_active=True).first()
        if request.user is None:
            return JsonResponse({"detail": "the user is gone"}, status=401)
        return view(request, *args, **kwargs)

    return wrapped
