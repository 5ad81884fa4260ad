"""Short links: PostgreSQL keeps them, Redis makes reading them cheap."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from links import api, errors, log
from links.cache import LinkCache
from links.database import Database
from links.settings import Settings
from links.store import LinkStore

MAX_BODY_BYTES = 16 * 1024


def create_app(settings: Settings | None = None, store: LinkStore | None = None) -> Flask:
    """The app with its parts; tests hand in parts of their own."""
    settings = settings or Settings.from_environment()
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.json.sort_keys = False
    # One proxy in front, and only it can reach us: Nginx, which has checked the addresses itself.
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)
    app.extensions["links"] = store or LinkStore(Database(settings.database), LinkCache(settings.redis))
    log.install(app)
    errors.install(app)
    app.register_blueprint(api.routes)
    return app
