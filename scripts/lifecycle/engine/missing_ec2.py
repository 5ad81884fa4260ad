"""EC2 types without a provisioner in the engine, by its EC2 API."""
import base64
import re

from ministack.core.responses import new_uuid
from ministack.services import ec2
from ministack.services.cloudformation import provisioners, wait_conditions

from api import client, each, is_true


def _ec2():
    return client("ec2")


def _kept(attributes):
    return lambda physical_id, old, new, stack_name: (physical_id, attributes(physical_id))


def _address(logical_id, props, stack_name):
    made = _ec2().allocate_address(Domain="vpc")
    return made["PublicIp"], {"AllocationId": made["AllocationId"], "PublicIp": made["PublicIp"]}


def _address_attributes(public_ip):
    found = next(one for one in _ec2().describe_addresses()["Addresses"] if one["PublicIp"] == public_ip)
    return {"AllocationId": found["AllocationId"], "PublicIp": public_ip}


def _address_delete(public_ip, props):
    _ec2().release_address(AllocationId=_address_attributes(public_ip)["AllocationId"])


def _nat(logical_id, props, stack_name):
    made = _ec2().create_nat_gateway(SubnetId=props["SubnetId"], AllocationId=props["AllocationId"])["NatGateway"]["NatGatewayId"]
    return made, {"NatGatewayId": made}


def _flow_log(logical_id, props, stack_name):
    wanted = {name: props[name] for name in ("ResourceType", "TrafficType", "LogDestinationType", "LogGroupName", "LogDestination") if name in props}
    role = {"DeliverLogsPermissionArn": props["DeliverLogsPermissionArn"]} if "DeliverLogsPermissionArn" in props else {}
    made = _ec2().create_flow_logs(ResourceIds=[props["ResourceId"]], **wanted, **role)["FlowLogIds"][0]
    return made, {"Id": made}


def _instance(logical_id, props, stack_name):
    network = each(props.get("NetworkInterfaces"))
    groups = props.get("SecurityGroupIds") or [group for one in network for group in each(one.get("GroupSet"))]
    subnet = props.get("SubnetId") or next((one.get("SubnetId") for one in network), None)
    made = _ec2().run_instances(
        ImageId=props.get("ImageId", "ami-00000000"), InstanceType=props.get("InstanceType", "t3.micro"), MinCount=1, MaxCount=1,
        SubnetId=subnet, SecurityGroupIds=groups,
    )["Instances"][0]["InstanceId"]
    ec2._instances[made]["DisableApiTermination"] = is_true(props.get("DisableApiTermination"))
    for volume in each(props.get("Volumes")):
        _ec2().attach_volume(InstanceId=made, VolumeId=volume["VolumeId"], Device=volume["Device"])
    _boot(made, props)
    return made, _instance_attributes(made)


def _boot(instance_id, props):
    """No host boots here: one that would report to a wait condition reports success at once."""
    text = base64.b64decode(props.get("UserData", "")).decode("utf-8", "replace")
    for token in re.findall(rf"{wait_conditions.SIGNAL_PATH}([0-9a-f-]+)", text):
        wait_conditions.deliver_signal(token, {"Status": "SUCCESS", "UniqueId": instance_id, "Data": "", "Reason": "not booted"})


def _instance_attributes(instance_id):
    found = _ec2().describe_instances(InstanceIds=[instance_id])["Reservations"][0]["Instances"][0]
    return {
        "InstanceId": instance_id,
        "PrivateIp": found.get("PrivateIpAddress", "10.0.0.10"),
        "PrivateDnsName": found.get("PrivateDnsName", ""),
        "PublicIp": found.get("PublicIpAddress", "198.51.100.10"),
        "PublicDnsName": found.get("PublicDnsName", ""),
        "AvailabilityZone": found.get("Placement", {}).get("AvailabilityZone", ""),
    }


def _instance_update(instance_id, old, new, stack_name):
    ec2._instances[instance_id]["DisableApiTermination"] = is_true(new.get("DisableApiTermination"))
    return instance_id, _instance_attributes(instance_id)


def unprotect(instance_id):
    """ModifyInstanceAttribute, which the engine does not have."""
    ec2._instances[instance_id]["DisableApiTermination"] = False


def _instance_delete(instance_id, props):
    for volume in each(props.get("Volumes")):
        _ec2().detach_volume(VolumeId=volume["VolumeId"], InstanceId=instance_id)
    _ec2().terminate_instances(InstanceIds=[instance_id])
    # Its root volume goes with it.
    for volume, record in list(ec2._volumes.items()):
        if any(one.get("InstanceId") == instance_id for one in record.get("Attachments", [])):
            ec2._volumes.pop(volume)


def _volume(logical_id, props, stack_name):
    numbers = {name: int(props[name]) for name in ("Size", "Iops", "Throughput") if name in props}
    made = _ec2().create_volume(
        AvailabilityZone=props["AvailabilityZone"], VolumeType=props.get("VolumeType", "gp2"), Encrypted=is_true(props.get("Encrypted")), **numbers
    )["VolumeId"]
    return made, {"VolumeId": made}


def _rule(permissions, store):
    """
    A rule of its own, within its group. EC2 refuses a second one like it:
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html
    """

    def rules_of(props):
        group = ec2._security_groups.get(props["GroupId"])
        if group is None:
            raise ValueError(f"The security group '{props['GroupId']}' does not exist")
        return group.setdefault(store, [])

    def create(logical_id, props, stack_name):
        found = rules_of(props)
        [rule] = permissions([{key: value for key, value in props.items() if key != "GroupId"}])
        if rule in found:
            raise ValueError("the specified rule already exists")
        found.append(rule)
        rule_id = f"sgr-{new_uuid().replace('-', '')[:17]}"
        return rule_id, {"Id": rule_id}

    def delete(rule_id, props):
        group = ec2._security_groups.get(props["GroupId"])
        [rule] = permissions([{key: value for key, value in props.items() if key != "GroupId"}])
        if group and rule in group.get(store, []):
            group[store].remove(rule)

    return {"create": create, "update": _kept(lambda rule_id: {"Id": rule_id}), "delete": delete}


# What answers without a call of the engine.
IMMEDIATE = {
    "AWS::EC2::SecurityGroupIngress": _rule(provisioners._ec2_sg_permissions, "IpPermissions"),
    "AWS::EC2::SecurityGroupEgress": _rule(provisioners._ec2_sg_egress_permissions, "IpPermissionsEgress"),
}

TYPES = {
    "AWS::EC2::EIP": {"create": _address, "update": _kept(_address_attributes), "delete": _address_delete},
    "AWS::EC2::NatGateway": {
        "create": _nat,
        "update": _kept(lambda identifier: {"NatGatewayId": identifier}),
        "delete": lambda identifier, props: _ec2().delete_nat_gateway(NatGatewayId=identifier),
    },
    "AWS::EC2::FlowLog": {
        "create": _flow_log,
        "update": _kept(lambda identifier: {"Id": identifier}),
        "delete": lambda identifier, props: _ec2().delete_flow_logs(FlowLogIds=[identifier]),
    },
    "AWS::EC2::Instance": {"create": _instance, "update": _instance_update, "delete": _instance_delete},
    "AWS::EC2::Volume": {
        "create": _volume,
        "update": _kept(lambda identifier: {"VolumeId": identifier}),
        "delete": lambda identifier, props: _ec2().delete_volume(VolumeId=identifier),
        # On the event loop, which could not answer a call.
        "snapshot": lambda identifier, props: ec2._create_snapshot({"VolumeId": [identifier]}),
    },
}
