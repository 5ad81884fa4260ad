"""CloudFormation's own schemas, as cfn-lint packs them: which properties a type has, needs, and cannot change in place."""
import ast
import json
import os
from functools import lru_cache

FOLDER = os.path.join(os.environ["SCHEMAS"], "cfnlint", "data", "schemas")
ABSENT = object()


@lru_cache(maxsize=None)
def _files(region):
    text = open(os.path.join(FOLDER, "providers", f"{region.replace('-', '_')}.py"), encoding="utf-8").read()
    tables = [node.value for node in ast.parse(text).body if isinstance(node, ast.AnnAssign)]
    return ast.literal_eval(tables[0])


@lru_cache(maxsize=None)
def schema_of(type_name, region):
    file = _files(region).get(type_name)
    return json.load(open(os.path.join(FOLDER, "resources", f"{file}.json"), encoding="utf-8")) if file else None


def complaint(type_name, region, props):
    """Properties that the type does not have, or must have."""
    schema = schema_of(type_name, region)
    if schema is None:
        return None
    known = schema.get("properties", {})
    # The engine adds the tags of the stack also where the type has none.
    extra = [] if schema.get("additionalProperties", False) else [name for name in props if name not in known and name != "Tags"]
    absent = [name for name in schema.get("required", []) if name not in props]
    if extra:
        return f"Model validation failed (#: extraneous key {extra} is not permitted)"
    return f"Model validation failed (#: required key {absent} not found)" if absent else None


def replaces(type_name, region, old, new):
    """The paths of create-only properties whose values differ."""
    schema = schema_of(type_name, region) or {}
    paths = [path.split("/")[2:] for path in schema.get("createOnlyProperties", [])]
    return [".".join(path) for path in paths if _at(old, path) != _at(new, path)]


def name_of(type_name, region, props):
    """The physical name that a template gives: the identifier of the type, where it can be written."""
    special = _NAMES.get(type_name)
    schema = schema_of(type_name, region) or {}
    found = [path.split("/")[-1] for path in schema.get("primaryIdentifier", [])]
    readable = {path.split("/")[-1] for path in schema.get("readOnlyProperties", [])}
    names = [special] if special else found if len(found) == 1 and found[0] not in readable else []
    value = props.get(names[0]) if names else None
    return value if isinstance(value, str) else None


# Their identifier is an ARN or an ID, but a template can give a name that only one may have.
_NAMES = {
    "AWS::ECS::Service": "ServiceName",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "Name",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "Name",
    "AWS::IAM::OIDCProvider": "Url",
    "AWS::SecretsManager::Secret": "Name",
    "AWS::ServiceDiscovery::HttpNamespace": "Name",
    "AWS::WAFv2::WebACL": "Name",
}


def _at(value, path):
    if not path:
        return _plain(value)
    if path[0] == "*":
        return [_at(one, path[1:]) for one in value] if isinstance(value, list) else ABSENT
    return _at(value[path[0]], path[1:]) if isinstance(value, dict) and path[0] in value else ABSENT


def _plain(value):
    """A template may write a number or a boolean as text."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return str(value).lower() if isinstance(value, bool) else str(value)
