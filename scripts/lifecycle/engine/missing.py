"""The resource types that the engine has no provisioner for, by the services behind it; a record where it has no service either."""
import zlib

from ministack.core.responses import new_uuid
from ministack.services import elasticache, ssm
from ministack.services.cloudformation import provisioners, stacks

import missing_alarms
import missing_ec2
import missing_ecs
import missing_rds
import records
from api import client

CALLING = {}


def install():
    for types in (missing_ec2.TYPES, missing_ecs.TYPES, missing_rds.TYPES, _OTHERS):
        CALLING.update(types)
    for types in (CALLING, records.TYPES, missing_alarms.TYPES, missing_ec2.IMMEDIATE, missing_ecs.NAMED):
        provisioners._RESOURCE_HANDLERS.update(types)
    ssm._PUBLIC_AMI_PARAMETERS = _PublicImages()
    # They call the engine, which its own event loop could not answer.
    known = stacks._runs_on_worker_thread
    stacks._runs_on_worker_thread = lambda type_name: type_name in CALLING or type_name == "AWS::ECR::Repository" or known(type_name)


class _PublicImages(dict):
    """Every public parameter of AWS names an image; which one says nothing here."""

    def get(self, name, default=None):
        is_image = str(name).startswith(("/aws/service/ami", "/aws/service/ecs", "/aws/service/bottlerocket"))
        return f"ami-{zlib.crc32(name.encode()):017x}" if is_image else default


def _association(logical_id, props, stack_name):
    client("wafv2").associate_web_acl(WebACLArn=props["WebACLArn"], ResourceArn=props["ResourceArn"])
    return f"{props['WebACLArn']}|{props['ResourceArn']}", {}


def _selection(logical_id, props, stack_name):
    chosen = props["BackupSelection"]
    made = client("backup").create_backup_selection(
        BackupPlanId=props["BackupPlanId"],
        BackupSelection={
            "SelectionName": chosen["SelectionName"],
            "IamRoleArn": chosen["IamRoleArn"],
            "Resources": chosen.get("Resources", []),
            "ListOfTags": chosen.get("ListOfTags", []),
        },
    )
    return f"{made['SelectionId']}_{props['BackupPlanId']}", {"SelectionId": made["SelectionId"], "BackupPlanId": props["BackupPlanId"]}


def _selection_delete(physical_id, props):
    client("backup").delete_backup_selection(BackupPlanId=props["BackupPlanId"], SelectionId=physical_id.split("_")[0])


def _identity_provider(logical_id, props, stack_name):
    made = client("iam").create_open_id_connect_provider(
        Url=props["Url"], ClientIDList=props.get("ClientIdList", []), ThumbprintList=props.get("ThumbprintList", [])
    )
    return made["OpenIDConnectProviderArn"], {"Arn": made["OpenIDConnectProviderArn"]}


_bucket = provisioners._RESOURCE_HANDLERS["AWS::S3::Bucket"]


def _tagged(bucket, props):
    """The engine's own provisioner leaves the tags out, which CDK's function reads before it empties a bucket."""
    client("s3").put_bucket_tagging(Bucket=bucket[0], Tagging={"TagSet": props.get("Tags", [])})
    return bucket


def _bucket_create(logical_id, props, stack_name):
    return _tagged(_bucket["create"](logical_id, props, stack_name), props)


def _bucket_update(physical_id, old, new, stack_name):
    return _tagged(_bucket["update"](physical_id, old, new, stack_name), new)


def _group_snapshot(physical_id, props):
    # On the event loop, which could not answer a call.
    elasticache._create_snapshot({"ReplicationGroupId": [physical_id], "SnapshotName": [f"{physical_id}-final"]})


def _policy(logical_id, props, stack_name):
    import json

    client("secretsmanager").put_resource_policy(SecretId=props["SecretId"], ResourcePolicy=json.dumps(props["ResourcePolicy"]))
    return f"{props['SecretId']}-policy-{new_uuid()[:8]}", {}


def _rotation(logical_id, props, stack_name):
    client("secretsmanager").describe_secret(SecretId=props["SecretId"])
    return props["SecretId"], {"Id": props["SecretId"]}


_OTHERS = {
    "AWS::ElastiCache::ReplicationGroup": {
        **provisioners._RESOURCE_HANDLERS["AWS::ElastiCache::ReplicationGroup"],
        "snapshot": _group_snapshot,
    },
    "AWS::S3::Bucket": {**_bucket, "create": _bucket_create, "update": _bucket_update},
    "AWS::WAFv2::WebACLAssociation": {
        "create": _association,
        "delete": lambda physical_id, props: client("wafv2").disassociate_web_acl(ResourceArn=props["ResourceArn"]),
    },
    "AWS::Backup::BackupSelection": {"create": _selection, "delete": _selection_delete},
    "AWS::IAM::OIDCProvider": {
        "create": _identity_provider,
        "delete": lambda physical_id, props: client("iam").delete_open_id_connect_provider(OpenIDConnectProviderArn=physical_id),
    },
    "AWS::SecretsManager::ResourcePolicy": {
        "create": _policy,
        "delete": lambda physical_id, props: client("secretsmanager").delete_resource_policy(SecretId=props["SecretId"]),
    },
    "AWS::SecretsManager::RotationSchedule": {"create": _rotation, "delete": lambda physical_id, props: None},
}
