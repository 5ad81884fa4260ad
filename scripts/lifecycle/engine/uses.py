"""What must be gone, or changed, before a resource can be deleted."""
from dataclasses import dataclass

API = "https://docs.aws.amazon.com"
EC2, ELB, ECS, RDS = "AWS::EC2", "AWS::ElasticLoadBalancingV2", "AWS::ECS", "AWS::RDS"
CACHE, SERVICE = "AWS::ElastiCache", f"{ECS}::Service"
BALANCER, DATABASE, GROUPS = f"{ELB}::LoadBalancer", f"{RDS}::DBInstance", f"{CACHE}::ReplicationGroup"
MOUNT, ENDPOINT, FUNCTION = "AWS::EFS::MountTarget", f"{EC2}::VPCEndpoint", "AWS::Lambda::Function"
RULES = (f"{EC2}::SecurityGroupIngress", f"{EC2}::SecurityGroupEgress")


@dataclass(frozen=True)
class Use:
    """The page of the rule, and of each type that counts as a user the properties that name the resource."""

    page: str
    users: dict


USES = {
    f"{EC2}::SecurityGroup": Use(
        f"{API}/vpc/latest/userguide/deleting-security-groups.html",
        {
            SERVICE: ["NetworkConfiguration"], BALANCER: ["SecurityGroups"], DATABASE: ["VPCSecurityGroups"],
            GROUPS: ["SecurityGroupIds"], f"{CACHE}::ServerlessCache": ["SecurityGroupIds"], MOUNT: ["SecurityGroups"],
            ENDPOINT: ["SecurityGroupIds"], f"{EC2}::Instance": ["SecurityGroupIds", "NetworkInterfaces"],
            FUNCTION: ["VpcConfig"], f"{EC2}::NetworkInterface": ["GroupSet"],
            RULES[0]: ["SourceSecurityGroupId"], RULES[1]: ["DestinationSecurityGroupId"],
        },
    ),
    f"{EC2}::Subnet": Use(
        f"{API}/vpc/latest/userguide/subnet-deleting.html",
        {
            SERVICE: ["NetworkConfiguration"], BALANCER: ["Subnets", "SubnetMappings"], MOUNT: ["SubnetId"], ENDPOINT: ["SubnetIds"],
            f"{EC2}::Instance": ["SubnetId", "NetworkInterfaces"], f"{EC2}::NatGateway": ["SubnetId"], FUNCTION: ["VpcConfig"],
            f"{RDS}::DBSubnetGroup": ["SubnetIds"], f"{CACHE}::SubnetGroup": ["SubnetIds"],
            f"{CACHE}::ServerlessCache": ["SubnetIds"], "AWS::AutoScaling::AutoScalingGroup": ["VPCZoneIdentifier"],
            f"{ECS}::CapacityProvider": ["ManagedInstancesProvider"], f"{EC2}::NetworkInterface": ["SubnetId"],
        },
    ),
    f"{EC2}::VPC": Use(
        f"{API}/vpc/latest/userguide/delete-vpc.html",
        {
            f"{EC2}::Subnet": ["VpcId"], f"{EC2}::SecurityGroup": ["VpcId"], ENDPOINT: ["VpcId"],
            f"{EC2}::RouteTable": ["VpcId"], f"{EC2}::VPCGatewayAttachment": ["VpcId"],
        },
    ),
    f"{EC2}::InternetGateway": Use(
        f"{API}/AWSEC2/latest/APIReference/API_DeleteInternetGateway.html", {f"{EC2}::VPCGatewayAttachment": ["InternetGatewayId"]}
    ),
    f"{EC2}::RouteTable": Use(
        f"{API}/AWSEC2/latest/APIReference/API_DeleteRouteTable.html", {f"{EC2}::SubnetRouteTableAssociation": ["RouteTableId"]}
    ),
    f"{EC2}::EIP": Use(f"{API}/AWSEC2/latest/APIReference/API_ReleaseAddress.html", {f"{EC2}::NatGateway": ["AllocationId"]}),
    f"{EC2}::Volume": Use(f"{API}/AWSEC2/latest/APIReference/API_DeleteVolume.html", {f"{EC2}::Instance": ["Volumes"]}),
    f"{ECS}::Cluster": Use(f"{API}/AmazonECS/latest/APIReference/API_DeleteCluster.html", {SERVICE: ["Cluster"]}),
    f"{ECS}::CapacityProvider": Use(
        f"{API}/AmazonECS/latest/APIReference/API_DeleteCapacityProvider.html",
        {f"{ECS}::ClusterCapacityProviderAssociations": ["CapacityProviders"], SERVICE: ["CapacityProviderStrategy"]},
    ),
    f"{ELB}::TargetGroup": Use(
        f"{API}/elasticloadbalancing/latest/APIReference/API_DeleteTargetGroup.html",
        {f"{ELB}::Listener": ["DefaultActions"], f"{ELB}::ListenerRule": ["Actions"]},
    ),
    "AWS::CertificateManager::Certificate": Use(
        f"{API}/acm/latest/APIReference/API_DeleteCertificate.html", {f"{ELB}::Listener": ["Certificates"]}
    ),
    "AWS::ServiceDiscovery::HttpNamespace": Use(
        f"{API}/cloud-map/latest/api/API_DeleteNamespace.html",
        {"AWS::ServiceDiscovery::Service": ["NamespaceId"], SERVICE: ["ServiceConnectConfiguration"]},
    ),
    "AWS::ServiceDiscovery::PrivateDnsNamespace": Use(
        f"{API}/cloud-map/latest/api/API_DeleteNamespace.html",
        {"AWS::ServiceDiscovery::Service": ["NamespaceId", "DnsConfig"], SERVICE: ["ServiceConnectConfiguration"]},
    ),
    "AWS::ServiceDiscovery::Service": Use(
        f"{API}/cloud-map/latest/api/API_DeleteService.html",
        {"AWS::ServiceDiscovery::Instance": ["ServiceId"], SERVICE: ["ServiceRegistries"]},
    ),
    f"{RDS}::DBSubnetGroup": Use(
        f"{API}/AmazonRDS/latest/APIReference/API_DeleteDBSubnetGroup.html", {DATABASE: ["DBSubnetGroupName"]}
    ),
    f"{RDS}::DBParameterGroup": Use(
        f"{API}/AmazonRDS/latest/APIReference/API_DeleteDBParameterGroup.html", {DATABASE: ["DBParameterGroupName"]}
    ),
    f"{CACHE}::SubnetGroup": Use(
        f"{API}/AmazonElastiCache/latest/APIReference/API_DeleteCacheSubnetGroup.html", {GROUPS: ["CacheSubnetGroupName"]}
    ),
    f"{CACHE}::ParameterGroup": Use(
        f"{API}/AmazonElastiCache/latest/APIReference/API_DeleteCacheParameterGroup.html", {GROUPS: ["CacheParameterGroupName"]}
    ),
    "AWS::EFS::FileSystem": Use(f"{API}/efs/latest/ug/API_DeleteFileSystem.html", {MOUNT: ["FileSystemId"]}),
    "AWS::Backup::BackupPlan": Use(
        f"{API}/aws-backup/latest/devguide/API_DeleteBackupPlan.html", {"AWS::Backup::BackupSelection": ["BackupPlanId"]}
    ),
    "AWS::IAM::Role": Use(f"{API}/IAM/latest/APIReference/API_DeleteRole.html", {"AWS::IAM::InstanceProfile": ["Roles"]}),
    "AWS::WAFv2::WebACL": Use(
        f"{API}/waf/latest/APIReference/API_DeleteWebACL.html", {"AWS::WAFv2::WebACLAssociation": ["WebACLArn"]}
    ),
    "AWS::Route53::HostedZone": Use(
        f"{API}/Route53/latest/APIReference/API_DeleteHostedZone.html", {"AWS::Route53::RecordSet": ["HostedZoneId"]}
    ),
}

# They use a subnet only while something uses them.
GROUPS_OF_SUBNETS = (f"{RDS}::DBSubnetGroup", f"{CACHE}::SubnetGroup")

# The attributes by which other resources name one, besides its physical ID.
IDENTITIES = ("Arn", "AllocationId", "GroupId", "Id", "InstanceId", "VolumeId", "TargetGroupArn", "NatGatewayId", "NamespaceId")


def users_of(type_name, physical_id, entry, entries):
    use = USES.get(type_name)
    if use is None:
        return []
    attributes = entry["attributes"] or {}
    names = {physical_id} | {attributes[name] for name in IDENTITIES if isinstance(attributes.get(name), str)}
    found = []
    for user_type, user, other in entries(*use.users):
        values = [other["props"].get(name) for name in use.users[user_type]]
        is_own_rule = user_type in RULES and other["props"].get("GroupId") in names
        is_idle = user_type in GROUPS_OF_SUBNETS and not users_of(user_type, user, other, entries)
        if not is_own_rule and not is_idle and any(_contains(value, names) for value in values):
            found.append(f"{user_type} {user}")
    return found


def _contains(value, names):
    if isinstance(value, dict):
        return any(_contains(one, names) for one in value.values())
    if isinstance(value, list):
        return any(_contains(one, names) for one in value)
    return value in names if isinstance(value, str) else False
