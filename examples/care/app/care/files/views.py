"""Uploads: a link to the bucket first, the content second, past this app, and the word that it is there last."""

import re
import uuid
from functools import partial

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_POST

from care.files import bucket
from care.files.models import FileUpload
from care.files.tasks import check_upload
from care.users.views import body_of, signed_in

MIME_TYPE = re.compile(r"^[a-z]+/[a-z0-9.+-]{1,80}$")


@require_POST
@signed_in
def create(request: HttpRequest) -> HttpResponse:
    body = body_of(request)
    name, mime_type = body.get("name"), body.get("mime_type")
    if not isinstance(name, str) or not 1 <= len(name) <= 200:
        return JsonResponse({"detail": "`name` must have 1 to 200 characters"}, status=400)
    if not isinstance(mime_type, str) or not MIME_TYPE.match(mime_type):
        return JsonResponse({"detail": "`mime_type` must be one such as `image/png`"}, status=400)
    upload = FileUpload.objects.create(name=name, mime_type=mime_type, uploaded_by=request.user)
    return JsonResponse({**_shown(upload), "signed_url": bucket.upload_url(upload.key, mime_type)}, status=201)


@require_POST
@signed_in
def complete(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    with transaction.atomic():
        upload = get_object_or_404(FileUpload.objects.select_for_update(), pk=file_id, uploaded_by=request.user)
        # After the commit: the worker would not find the row before.
        transaction.on_commit(partial(check_upload.delay, str(upload.pk)))
    return JsonResponse(_shown(upload), status=202)


@require_GET
@signed_in
def read(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    upload = get_object_or_404(FileUpload, pk=file_id, uploaded_by=request.user)
    link = {"read_signed_url": bucket.download_url(upload.key)} if upload.state == FileUpload.State.READY else {}
    return JsonResponse({**_shown(upload), **link})


def _shown(upload: FileUpload) -> dict:
    return {
        "id": str(upload.pk),
        "name": upload.name,
        "mime_type": upload.mime_type,
        "state": upload.state,
        "size": upload.size,
        "sha256": upload.sha256 or None,
    }
