"""What AWS documents as refused and the engine would do. Each rule names the page that states it."""
from ministack.services import alb, ec2, rds

import marks
from api import client, each, is_true
from uses import USES, users_of

API = "https://docs.aws.amazon.com"
ALREADY_EXISTS = f"{API}/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html"
CUSTOM_NAMED = ALREADY_EXISTS
EXPORTS = f"{API}/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html"
SERVICE_CONNECT = f"{API}/AmazonECS/latest/APIReference/API_ServiceConnectService.html"
CREATE_SERVICE = f"{API}/AmazonECS/latest/APIReference/API_CreateService.html"
CIRCUIT_BREAKER = f"{API}/AmazonECS/latest/developerguide/deployment-circuit-breaker.html"
CLUSTER_PROVIDERS = f"{API}/AmazonECS/latest/APIReference/API_PutClusterCapacityProviders.html"
CLOUD_MAP = f"{API}/cloud-map/latest/api/API_UpdateService.html"
UPGRADES = f"{API}/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html"

# Deletion protection as the service has it now: the template that switched it on may be older than a call that switched it off.
PROTECTED = {
    "AWS::RDS::DBInstance": (
        lambda one: (rds._instances.get(one) or {}).get("DeletionProtection"),
        f"{API}/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html",
    ),
    "AWS::EC2::Instance": (
        lambda one: (ec2._instances.get(one) or {}).get("DisableApiTermination"),
        f"{API}/AWSEC2/latest/UserGuide/Using_ChangingDisableAPITermination.html",
    ),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": (
        lambda one: any(
            attribute["Key"] == "deletion_protection.enabled" and is_true(attribute["Value"]) for attribute in each(alb._lb_attrs.get(one))
        ),
        f"{API}/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html",
    ),
}


class Refused(ValueError):
    """A refusal, with its page."""

    def __init__(self, says, page):
        super().__init__(f"{says} ({page})")


class InUse(Refused):
    """A refusal that ends when something else is gone."""


def is_same_place(type_name, props, other):
    """Names of these types are unique within a cluster, not within an account."""
    return type_name != "AWS::ECS::Service" or props.get("Cluster") == other.get("Cluster")


def before_create(type_name, props, entries):
    if type_name == "AWS::ECS::Service":
        _service(None, props, entries)


def before_update(type_name, physical_id, old, new, entries):
    if type_name == "AWS::ECS::Service":
        _service(physical_id, new, entries)
    if type_name == "AWS::ECS::ClusterCapacityProviderAssociations":
        _providers_in_use(new, entries)
    if type_name == "AWS::RDS::DBInstance":
        _version(old, new)
    if type_name == "AWS::ServiceDiscovery::Service" and _record_types(new) - _record_types(old):
        raise Refused(f"DNS records of another type cannot be added to {physical_id}", CLOUD_MAP)


def _record_types(props):
    return {one.get("Type") for one in each((props.get("DnsConfig") or {}).get("DnsRecords"))}


def before_delete(type_name, physical_id, entry, entries):
    is_on, page = PROTECTED.get(type_name, (lambda one: False, ""))
    if is_on(physical_id):
        raise Refused(f"{physical_id} cannot be deleted, because its deletion protection is on", page)
    users = users_of(type_name, physical_id, entry, entries)
    if users:
        raise InUse(f"{physical_id} is in use by {', '.join(users)}", USES[type_name].page)
    if type_name == "AWS::S3::Bucket" and client("s3").list_objects_v2(Bucket=physical_id).get("KeyCount", 0) > 0:
        raise Refused("The bucket you tried to delete is not empty", f"{API}/AmazonS3/latest/API/API_DeleteBucket.html")
    if type_name == "AWS::ECR::Repository" and not is_true(entry["props"].get("EmptyOnDelete")):
        if client("ecr").list_images(repositoryName=physical_id)["imageIds"]:
            page = f"{API}/AmazonECR/latest/APIReference/API_DeleteRepository.html"
            raise Refused(f"The repository {physical_id} contains images", page)


def _service(physical_id, props, entries):
    cluster = str(props.get("Cluster", "default"))
    clusters = {value for _, one, entry in entries("AWS::ECS::Cluster") for value in (one, entry["attributes"].get("Arn"))}
    if cluster not in clusters:
        raise Refused("Cluster not found", CREATE_SERVICE)
    _names_are_free(physical_id, props, entries)
    _providers_exist(cluster, props, entries)
    _balanced(props, entries)
    if marks.is_marked(_images(props, entries)):
        raise Refused("Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'", CIRCUIT_BREAKER)


def _names_are_free(physical_id, props, entries):
    mine = set(_connect_names(props))
    for _, other, entry in entries("AWS::ECS::Service"):
        taken = mine & set(_connect_names(entry["props"]))
        if other != physical_id and taken:
            namespace, name = sorted(taken)[0]
            raise Refused(f"Service Connect name {name} is already used in {namespace}", SERVICE_CONNECT)


def _connect_names(props):
    config = props.get("ServiceConnectConfiguration") or {}
    if not is_true(config.get("Enabled")):
        return []
    services = each(config.get("Services"))
    return [(config.get("Namespace"), one.get("DiscoveryName", one.get("PortName"))) for one in services]


def _providers_exist(cluster, props, entries):
    wanted = {one.get("CapacityProvider") for one in each(props.get("CapacityProviderStrategy"))}
    offered = set()
    for _, _, entry in entries("AWS::ECS::ClusterCapacityProviderAssociations"):
        if cluster.rsplit("/", 1)[-1] == str(entry["props"].get("Cluster")).rsplit("/", 1)[-1]:
            offered |= set(each(entry["props"].get("CapacityProviders")))
    # One with Managed Instances belongs to a cluster from its creation on, without an association.
    for _, name, entry in entries("AWS::ECS::CapacityProvider"):
        if str(entry["props"].get("ClusterName")) == cluster.rsplit("/", 1)[-1]:
            offered.add(name)
    if wanted - offered:
        raise Refused(f"The specified capacity provider {sorted(wanted - offered)} was not found in the cluster", CREATE_SERVICE)


def _providers_in_use(props, entries):
    cluster = str(props.get("Cluster")).rsplit("/", 1)[-1]
    for _, service, entry in entries("AWS::ECS::Service"):
        used = {one.get("CapacityProvider") for one in each(entry["props"].get("CapacityProviderStrategy"))}
        gone = used - set(each(props.get("CapacityProviders")))
        if str(entry["props"].get("Cluster")).rsplit("/", 1)[-1] == cluster and gone:
            raise Refused(f"The specified capacity provider {sorted(gone)} is in use by {service}", CLUSTER_PROVIDERS)


def _balanced(props, entries):
    """ECS takes a target group only when a listener or a rule sends to it."""
    sending = [entry["props"] for _, _, entry in entries("AWS::ElasticLoadBalancingV2::Listener", "AWS::ElasticLoadBalancingV2::ListenerRule")]
    for one in each(props.get("LoadBalancers")):
        group = one.get("TargetGroupArn")
        if group and not any(group in str(rule) for rule in sending):
            raise Refused(f"The target group {group} does not have an associated load balancer", CREATE_SERVICE)


def _images(props, entries):
    task = props.get("TaskDefinition")
    found = [entry["props"] for _, one, entry in entries("AWS::ECS::TaskDefinition") if one == task]
    return [str(container.get("Image")) for one in found for container in each(one.get("ContainerDefinitions"))]


def _version(old, new):
    before, after = [[int(part) for part in str(one.get("EngineVersion", 0)).split(".")] for one in (old, new)]
    if after[0] > before[0] and not is_true(new.get("AllowMajorVersionUpgrade")):
        raise Refused("The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version", UPGRADES)
    if after[0] < before[0] or (after[0] == before[0] and len(after) > 1 and len(before) > 1 and after < before):
        raise Refused("Cannot upgrade to a version that is older", UPGRADES)
