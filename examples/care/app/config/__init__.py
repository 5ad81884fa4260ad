"""The project: settings, addresses, and the two programs that serve it."""

from config.celery_app import app as celery_app

__all__ = ["celery_app"]
