"""Django's PostgreSQL engine for a password that is rotated while the process runs.

Django reads the password once. After a rotation a new connection with it is refused; this engine then reads the secret again and tries once
more. When the secret has nothing new, the first error stands.
"""

import json
import os

import boto3
from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params):
        try:
            return super().get_new_connection(conn_params)
        except self.Database.OperationalError:
            password = read_password()
            if password == conn_params.get("password"):
                raise
            # Shared by the connections of the process.
            self.settings_dict["PASSWORD"] = password
            return super().get_new_connection({**conn_params, "password": password})


def read_password():
    arn = os.environ["DATABASE_SECRET_ARN"]
    secrets = boto3.client("secretsmanager", region_name=arn.split(":")[3])
    return json.loads(secrets.get_secret_value(SecretId=arn)["SecretString"])["password"]
