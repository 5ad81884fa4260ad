"""The bucket of uploads, as the task role reaches it."""

import hashlib
from dataclasses import dataclass
from functools import cache

import boto3
from botocore.exceptions import ClientError
from django.conf import settings

CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Content:
    size: int
    sha256: str


def upload_url(key: str, mime_type: str) -> str:
    """A link with which a browser puts one object of this type."""
    return _signed("put_object", {"Key": key, "ContentType": mime_type})


def download_url(key: str) -> str:
    return _signed("get_object", {"Key": key})


def content_of(key: str) -> Content | None:
    """What the object holds; nothing where there is none."""
    try:
        body = _client().get_object(Bucket=settings.FILE_UPLOAD_BUCKET, Key=key)["Body"]
    except ClientError as error:
        # Without `s3:ListBucket` this would be AccessDenied.
        if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
            return None
        raise
    digest, size = hashlib.sha256(), 0
    for chunk in body.iter_chunks(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return Content(size, digest.hexdigest())


def remove(key: str) -> None:
    _client().delete_object(Bucket=settings.FILE_UPLOAD_BUCKET, Key=key)


def _signed(action: str, parameters: dict[str, str]) -> str:
    parameters = {"Bucket": settings.FILE_UPLOAD_BUCKET, **parameters}
    return _client().generate_presigned_url(action, Params=parameters, ExpiresIn=settings.SIGNED_URL_SECONDS)


@cache
def _client():
    # The Region signs links for its own endpoint; `aws-config` of the image says how.
    return boto3.client("s3", region_name=settings.BUCKET_REGION)
