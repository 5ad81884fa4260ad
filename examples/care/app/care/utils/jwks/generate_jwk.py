"""Makes the keys that tokens are signed with. `signing_keys.py` of the image calls it once, in the first migration job."""

import base64
import json
import uuid

from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm


def generate_encoded_jwks() -> str:
    """A set of one RSA key with its private half, as JSON in Base64."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    jwk = {**RSAAlgorithm.to_jwk(key, as_dict=True), "kid": uuid.uuid4().hex, "use": "sig", "alg": "RS256"}
    return base64.b64encode(json.dumps({"keys": [jwk]}).encode()).decode()
