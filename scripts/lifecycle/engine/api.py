"""Calls of the engine by the API of AWS: what it refuses there, a template is refused as well."""
import os

import botocore.session
from botocore.config import Config
from botocore.credentials import Credentials, ReadOnlyCredentials
from ministack.core.responses import get_account_id, get_region

_session = botocore.session.get_session()
_clients = {}


class _OfTheRequest(Credentials):
    """The engine reads the account from the access key. A client for each account would take most of the time of the tests."""

    def get_frozen_credentials(self):
        return ReadOnlyCredentials(get_account_id(), "none", None)


def client(service):
    """A client for the account and the region of the request that is being handled."""
    key = (service, get_region())
    if key not in _clients:
        made = _session.create_client(
            service,
            region_name=key[1],
            endpoint_url=f"http://127.0.0.1:{os.environ['GATEWAY_PORT']}",
            aws_access_key_id="none",
            aws_secret_access_key="none",
            config=Config(retries={"max_attempts": 0}, max_pool_connections=64, s3={"addressing_style": "path"}),
        )
        made._request_signer._credentials = _OfTheRequest("none", "none")
        _clients[key] = made
    return _clients[key]


def each(value):
    """The list of a property that may be left out, or be a single value."""
    return [] if value is None else value if isinstance(value, list) else [value]


def is_true(value):
    return str(value).lower() == "true"


def lower(value, opaque=("Options", "DockerLabels", "DriverOpts", "Labels")):
    """The names of CloudFormation as those of the JSON APIs, except within maps whose keys are the user's."""
    if isinstance(value, list):
        return [lower(one, opaque) for one in value]
    if not isinstance(value, dict):
        return value
    return {key[0].lower() + key[1:]: one if key in opaque else lower(one, opaque) for key, one in value.items()}
