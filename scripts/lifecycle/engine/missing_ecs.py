"""ECS types without a provisioner in the engine, and names that CloudFormation makes up for those that have one."""
import ministack.services.ecs as ecs
from ministack.services.cloudformation import provisioners

import life
import marks
from api import client, lower


def _provider(logical_id, props, stack_name):
    name = props.get("Name") or provisioners._physical_name(stack_name, logical_id)
    known = {key: lower(props[key]) for key in ("AutoScalingGroupProvider",) if key in props}
    client("ecs").create_capacity_provider(name=name, **lower(known)) if known else _managed(name, props)
    return name, {"Name": name, "Arn": _provider_of(name)["capacityProviderArn"]}


def _managed(name, props):
    """The engine knows groups of hosts only; Managed Instances belong to a cluster."""
    if not any(str(props["ClusterName"]).rsplit("/", 1)[-1] == one for _, one, _ in life.entries("AWS::ECS::Cluster")):
        raise ValueError("Cluster not found (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCapacityProvider.html)")
    ecs._create_capacity_provider({"name": name})


def _provider_of(name):
    return client("ecs").describe_capacity_providers(capacityProviders=[name])["capacityProviders"][0]


def _associate(logical_id, props, stack_name):
    providers = [one for one in props["CapacityProviders"] if one not in ("FARGATE", "FARGATE_SPOT")]
    found = client("ecs").describe_capacity_providers(capacityProviders=providers)["capacityProviders"] if providers else []
    if len(found) != len(providers):
        page = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PutClusterCapacityProviders.html"
        raise ValueError(f"The specified capacity provider was not found: {providers} ({page})")
    client("ecs").put_cluster_capacity_providers(
        cluster=props["Cluster"],
        capacityProviders=props["CapacityProviders"],
        defaultCapacityProviderStrategy=lower(props.get("DefaultCapacityProviderStrategy", [])),
    )
    return props["Cluster"], {"Id": props["Cluster"]}


def _disassociate(physical_id, props):
    _associate("", {"Cluster": physical_id, "CapacityProviders": []}, "")


def _named(type_name, prop):
    """CloudFormation's own names are new for each life of the stack; the engine's are not."""
    handler = provisioners._RESOURCE_HANDLERS[type_name]
    create, update = handler["create"], handler["update"]

    def create_named(logical_id, props, stack_name):
        return create(logical_id, {prop: provisioners._physical_name(stack_name, logical_id), **props}, stack_name)

    def update_named(physical_id, old, new, stack_name, *logical_id):
        name = {prop: physical_id.rsplit("/", 1)[-1]}
        return update(physical_id, {**name, **old}, {**name, **new}, stack_name, *logical_id)

    return {**handler, "create": create_named, "update": update_named}


def _runs_to_its_end(run):
    """A task that is started on its own ends at once: with 1 where its image is marked."""

    def run_task(data):
        answer = run(data)
        if not str(data.get("startedBy", "")).startswith("deployment/"):
            return answer
        for task in list(ecs._tasks.values()):
            if task.get("startedBy") == data["startedBy"] and task["lastStatus"] != "STOPPED":
                images = [str(one.get("image")) for one in task["containers"]]
                for one in task["containers"]:
                    one.update(lastStatus="STOPPED", exitCode=1 if marks.is_marked(images) else 0)
                task.update(lastStatus="STOPPED", desiredStatus="STOPPED", stoppedReason="Essential container in task exited")
        return answer

    return run_task


ecs._run_task = _runs_to_its_end(ecs._run_task)
for table in (value for value in vars(ecs).values() if isinstance(value, dict) and "RunTask" in value):
    table["RunTask"] = ecs._run_task

TYPES = {
    "AWS::ECS::CapacityProvider": {
        "create": _provider,
        "update": lambda name, old, new, stack_name: (name, {"Name": name, "Arn": _provider_of(name)["capacityProviderArn"]}),
        "delete": lambda name, props: client("ecs").delete_capacity_provider(capacityProvider=name),
    },
    "AWS::ECS::ClusterCapacityProviderAssociations": {
        "create": _associate,
        "update": lambda physical_id, old, new, stack_name: _associate("", new, stack_name),
        "delete": _disassociate,
    },
}

NAMED = {
    "AWS::ECS::Cluster": _named("AWS::ECS::Cluster", "ClusterName"),
    "AWS::ECS::Service": _named("AWS::ECS::Service", "ServiceName"),
}
