"""Types of services that the engine does not have: a record each, with what AWS demands of it."""
from ministack.core.responses import get_account_id, get_region, new_uuid

from ministack.services.cloudformation import provisioners

import life

API = "https://docs.aws.amazon.com"


def _arn(service, rest):
    return f"arn:aws:{service}:{get_region()}:{get_account_id()}:{rest}"


def _service_exists(resource):
    """`service/<cluster>/<service>`"""
    cluster, name = resource.split("/")[1:3]
    return any(
        one.rsplit("/", 1)[-1] == name and str(entry["props"].get("Cluster")).rsplit("/", 1)[-1] == cluster
        for _, one, entry in life.entries("AWS::ECS::Service")
    )


def _target(logical_id, props, stack_name):
    if props["ServiceNamespace"] == "ecs" and not _service_exists(props["ResourceId"]):
        page = f"{API}/autoscaling/application/APIReference/API_RegisterScalableTarget.html"
        raise ValueError(f"ECS service doesn't exist: {props['ResourceId']} ({page})")
    return f"{props['ResourceId']}|{props['ScalableDimension']}|{props['ServiceNamespace']}", {}


def _policy(logical_id, props, stack_name):
    targets = [one for _, one, _ in life.entries("AWS::ApplicationAutoScaling::ScalableTarget")]
    given = props.get("ScalingTargetId") or f"{props['ResourceId']}|{props['ScalableDimension']}|{props['ServiceNamespace']}"
    if given not in targets:
        page = f"{API}/autoscaling/application/APIReference/API_PutScalingPolicy.html"
        raise ValueError(f"No scalable target found for {given} ({page})")
    arn = _arn("autoscaling", f"scalingPolicy:{new_uuid()}:resource/{given.split('|')[0]}:policyName/{props['PolicyName']}")
    return arn, {"Arn": arn}


def _logging(logical_id, props, stack_name):
    if not any(entry["attributes"].get("Arn") == props["ResourceArn"] for _, _, entry in life.entries("AWS::WAFv2::WebACL")):
        raise ValueError(f"WAFNonexistentItemException ({API}/waf/latest/APIReference/API_PutLoggingConfiguration.html)")
    return props["ResourceArn"], {}


def _protection(logical_id, props, stack_name):
    return (identifier := new_uuid()), {"ProtectionId": identifier, "ProtectionArn": f"arn:aws:shield::{get_account_id()}:protection/{identifier}"}


def _named(prop):
    """A type of which nothing but its name is known."""

    def create(logical_id, props, stack_name):
        name = props.get(prop) or provisioners._physical_name(stack_name, logical_id, max_len=40)
        return name, {"Name": name, "Arn": name}

    return create


def _cache(logical_id, props, stack_name):
    name = str(props["ServerlessCacheName"]).lower()
    host = f"{name}.serverless.{get_region()}.cache.amazonaws.com"
    ends = {f"{one}.{part}": value for one in ("Endpoint", "ReaderEndpoint") for part, value in (("Address", host), ("Port", "6379"))}
    return name, {"ARN": _arn("elasticache", f"serverlesscache:{name}"), **ends}


def _recorded(create):
    """An update keeps the identifier: what replaces is known from the schemas."""
    return {
        "create": create,
        "update": lambda physical_id, old, new, stack_name: (physical_id, life.attributes_of(physical_id)),
        "delete": lambda physical_id, props: None,
    }


TYPES = {
    "AWS::ApplicationAutoScaling::ScalableTarget": _recorded(_target),
    "AWS::ApplicationAutoScaling::ScalingPolicy": _recorded(_policy),
    "AWS::WAFv2::LoggingConfiguration": _recorded(_logging),
    "AWS::CodeDeploy::Application": _recorded(_named("ApplicationName")),
    "AWS::CodeDeploy::DeploymentConfig": _recorded(_named("DeploymentConfigName")),
    "AWS::CodeDeploy::DeploymentGroup": _recorded(_named("DeploymentGroupName")),
    "AWS::ElastiCache::ServerlessCache": _recorded(_cache),
    "AWS::Shield::Protection": _recorded(_protection),
}
