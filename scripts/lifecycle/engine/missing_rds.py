"""The secret that RDS makes for a master user, which the engine does not make in a stack."""
import json

from ministack.core.responses import new_uuid
from ministack.services import rds
from ministack.services.cloudformation import provisioners

from api import client, is_true

# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
ATTRIBUTE = "MasterUserSecret.SecretArn"
_handler = provisioners._RESOURCE_HANDLERS["AWS::RDS::DBInstance"]


def _secret_of(instance):
    return (rds._instances.get(instance) or {}).get("MasterUserSecret", {}).get("SecretArn")


def _settle(instance, props):
    """Makes or deletes the secret, as the property says; returns the attributes that it gives."""
    secret = _secret_of(instance)
    if is_true(props.get("ManageMasterUserPassword")) and not secret:
        text = json.dumps({"username": props.get("MasterUsername"), "password": new_uuid()})
        secret = client("secretsmanager").create_secret(Name=f"rds!db-{new_uuid()}", SecretString=text)["ARN"]
        rds._instances[instance]["MasterUserSecret"] = {"SecretArn": secret, "SecretStatus": "active"}
    elif secret and not is_true(props.get("ManageMasterUserPassword")):
        client("secretsmanager").delete_secret(SecretId=secret, ForceDeleteWithoutRecovery=True)
        rds._instances[instance].pop("MasterUserSecret")
        return {}
    return {ATTRIBUTE: secret} if secret else {}


def _create(logical_id, props, stack_name):
    instance, attributes = _handler["create"](logical_id, props, stack_name)
    return instance, {**attributes, **_settle(instance, props)}


def _update(physical_id, old, new, stack_name, logical_id=None):
    instance, attributes = _handler["update"](physical_id, old, new, stack_name, logical_id)
    return instance, {**attributes, **_settle(instance, new)}


def _delete(physical_id, props):
    secret = _secret_of(physical_id)
    _handler["delete"](physical_id, props)
    if secret:
        client("secretsmanager").delete_secret(SecretId=secret, ForceDeleteWithoutRecovery=True)


TYPES = {"AWS::RDS::DBInstance": {**_handler, "create": _create, "update": _update, "delete": _delete}}
