"""Composes the URLs that CARE reads from the parts that ECS injects, and becomes the command.

Passwords reach the container as secrets, so they are in no template and no task definition. CARE wants them inside of URLs, in which
characters such as `#` and `/` have a meaning of their own; django-environ, redis-py and kombu all decode percent-encoding.
"""

import os
import sys
from urllib.parse import quote


def compose(env):
    """The variables to add to `env`."""
    urls = {}
    if "DATABASE_PASSWORD" in env:
        login = f"{encode(env['DATABASE_USERNAME'])}:{encode(env['DATABASE_PASSWORD'])}"
        server = f"{env['DATABASE_HOST']}:{env['DATABASE_PORT']}/{env['DATABASE_NAME']}"
        # django-environ takes a scheme that it does not know for the name of the engine: the package beside this file.
        urls["DATABASE_URL"] = f"rotating.postgresql://{login}@{server}?sslmode=verify-full"
    if "REDIS_PASSWORD" in env:
        login = f"{encode(env.get('REDIS_USERNAME', ''))}:{encode(env['REDIS_PASSWORD'])}"
        scheme = "rediss" if env["REDIS_TLS"] == "true" else "redis"
        url = f"{scheme}://{login}@{env['REDIS_HOST']}:{env['REDIS_PORT']}/0"
        urls.update(REDIS_URL=url, CELERY_BROKER_URL=url)
    return urls


def encode(text):
    return quote(text, safe="")


if __name__ == "__main__":
    os.environ.update(compose(os.environ))
    # Not a child: SIGTERM reaches the server itself, which then finishes what it has begun.
    os.execvp(sys.argv[1], sys.argv[1:])
