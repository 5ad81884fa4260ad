"""What the environment says; `../../../care-image.ts` and `../../../image/entrypoint.py` set it. A variable that is missing ends the process."""

from config.settings.base import *  # noqa: F403
from config.settings.base import env

SECRET_KEY = env("DJANGO_SECRET_KEY")
JWKS_BASE64 = env("JWKS_BASE64")

ALLOWED_HOSTS = env.json("DJANGO_ALLOWED_HOSTS")
CORS_ALLOWED_ORIGINS = env.json("CORS_ALLOWED_ORIGINS")
CSRF_TRUSTED_ORIGINS = env.json("CSRF_TRUSTED_ORIGINS")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.bool("DJANGO_SECURE_SSL_REDIRECT", True)
SECURE_HSTS_SECONDS = 3600

# Kept for a minute, and tested before each request: what a rotation or a failover has closed is opened again.
DATABASES = {"default": {**env.db("DATABASE_URL"), "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}}

# A job has no way to Redis, and needs none.
REDIS_URL = env("REDIS_URL", default="")
CELERY_BROKER_URL = env("CELERY_BROKER_URL", default="")
# Longer than a task may take, or Redis would hand it to a second worker.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 300}
CELERY_BEAT_SCHEDULE = {
    "forget-abandoned-uploads": {
        "task": "care.files.tasks.forget_abandoned",
        "schedule": env.float("FORGET_SECONDS", 600.0),
    },
}

FILE_UPLOAD_BUCKET = env("FILE_UPLOAD_BUCKET")
BUCKET_REGION = env("BUCKET_REGION")
