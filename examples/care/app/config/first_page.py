"""What a person sees who opens the address."""

from django.http import HttpRequest, JsonResponse

ADDRESSES = {
    "POST /api/v1/auth/login/": "a token for a user and a password",
    "POST /api/v1/files/": "a link to upload a file with",
    "POST /api/v1/files/<id>/mark_upload_completed/": "the file is there; a worker checks it",
    "GET /api/v1/files/<id>/": "its state, and a link to read it",
    "GET /api/v1/valueset/<name>/?search=": "the search of a form",
    "GET /.well-known/jwks.json": "the public keys of the tokens",
    "GET /ping/": "whether this process answers",
}


def first_page(_request: HttpRequest) -> JsonResponse:
    """The addresses, for people."""
    return JsonResponse({"addresses": ADDRESSES})
