"""What the worker does with files."""

import logging
from datetime import timedelta

from botocore.exceptions import BotoCoreError, ClientError
from celery import shared_task
from django.conf import settings
from django.db import OperationalError
from django.utils import timezone

from care.files import bucket
from care.files.models import FileUpload

logger = logging.getLogger(__name__)
AGAIN = (BotoCoreError, ClientError, OperationalError)


@shared_task(autoretry_for=AGAIN, retry_backoff=2, retry_backoff_max=60, max_retries=8)
def check_upload(file_id: str) -> None:
    """Note size and digest of what was uploaded. Doing it twice gives the same."""
    upload = FileUpload.objects.get(pk=file_id)
    content = bucket.content_of(upload.key)
    if content is None:
        upload.state = FileUpload.State.MISSING
    else:
        upload.state, upload.size, upload.sha256 = FileUpload.State.READY, content.size, content.sha256
    upload.save(update_fields=["state", "size", "sha256"])
    logger.info("file %s is %s", file_id, upload.state)


@shared_task(autoretry_for=AGAIN, retry_backoff=2, retry_backoff_max=60, max_retries=3)
def forget_abandoned() -> int:
    """Started by the beat: uploads that nobody completed, and what came of them in the bucket."""
    before = timezone.now() - timedelta(hours=settings.ABANDONED_HOURS)
    abandoned = list(FileUpload.objects.exclude(state=FileUpload.State.READY).filter(created_at__lt=before)[:500])
    for upload in abandoned:
        bucket.remove(upload.key)
        upload.delete()
    logger.info("%d abandoned uploads forgotten", len(abandoned))
    return len(abandoned)
