"""Files that people upload. Their content is in the bucket; what is known of it is here."""

import uuid

from django.conf import settings
from django.db import models


class FileUpload(models.Model):
    class State(models.TextChoices):
        PENDING = "pending"
        READY = "ready"
        MISSING = "missing"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    mime_type = models.CharField(max_length=100)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    size = models.BigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    @property
    def key(self) -> str:
        """Where it is in the bucket: nothing that a user has chosen is part of it."""
        return f"patient-files/{self.id}"
