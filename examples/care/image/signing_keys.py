"""Makes the keys that CARE signs its tokens with, once, and becomes the command.

Secrets Manager generates passwords but no RSA keys, so the first deployment makes them here, in its migration job. CARE itself would make
other ones in each container, and no task could verify the tokens of another.
"""

import base64
import json
import os
import sys


def is_key_set(text):
    try:
        return bool(json.loads(base64.b64decode(text))["keys"])
    except (KeyError, TypeError, ValueError):
        return False


def create(arn):
    import boto3
    from care.utils.jwks.generate_jwk import generate_encoded_jwks

    secrets = boto3.client("secretsmanager", region_name=arn.split(":")[3])
    values = json.loads(secrets.get_secret_value(SecretId=arn)["SecretString"])
    if not is_key_set(values["jwks"]):
        values["jwks"] = generate_encoded_jwks()
        secrets.put_secret_value(SecretId=arn, SecretString=json.dumps(values))
    return values["jwks"]


if __name__ == "__main__":
    if not is_key_set(os.environ["JWKS_BASE64"]):
        # The app is where the container starts.
        sys.path.append(os.getcwd())
        os.environ["JWKS_BASE64"] = create(os.environ["KEYS_NAME"])
    os.execvp(sys.argv[1], sys.argv[1:])
