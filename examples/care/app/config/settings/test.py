"""For the tests: nothing of it needs a server."""

from care.utils.jwks.generate_jwk import generate_encoded_jwks
from config.settings.base import *  # noqa: F403

SECRET_KEY = "for tests"
JWKS_BASE64 = generate_encoded_jwks()
ALLOWED_HOSTS = ["*"]
CORS_ALLOWED_ORIGINS = ["https://pages.example"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
REDIS_URL = ""
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
FILE_UPLOAD_BUCKET = "uploads"
BUCKET_REGION = "eu-west-1"
