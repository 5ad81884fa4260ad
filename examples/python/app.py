"""The first stack of the README, an endpoint of our own, and the geolocation app: `cdk synth --app "python app.py"`."""

import sys
from pathlib import Path

import aws_cdk as cdk
import jsii
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from cdk_ecs_mesh import (
    ContainerOptions,
    DualAlbGateway,
    EndpointBinding,
    EndpointFacts,
    EndpointReach,
    ExternalSide,
    GeolocationReferenceApp,
    IEndpoint,
    IEndpointClient,
    PortOptions,
    RedisBackedEcsService,
    ServiceConnectMesh,
    SideCertificate,
)
from constructs import Construct

CERTIFICATE_ARN = "arn:aws:acm:us-east-1:111111111111:certificate/00000000-0000-0000-0000-000000000000"


@jsii.implements(IEndpoint)
class LdapDirectory:
    """A server that the library does not know: its variables, and the way out to it."""

    def __init__(self, host: str, cidr: str) -> None:
        self._host = host
        self._cidr = cidr

    def bind_endpoint(
        self,
        client: IEndpointClient,
        *,
        as_: str | None = None,
        **_others: object,  # options that this endpoint does not use, and those of later versions
    ) -> EndpointBinding:
        prefix = as_ or "LDAP"
        return EndpointBinding(
            facts=EndpointFacts(server=self._host, protocol="ldaps", dns_name=self._host, port=636),
            environment={f"{prefix}_HOST": self._host, f"{prefix}_URL": f"ldaps://{self._host}:636"},
            reaches=[EndpointReach(server=ec2.Peer.ipv4(self._cidr), port=ec2.Port.tcp(636))],
        )


class Shop(cdk.Stack):
    def __init__(self, scope: Construct, id: str, *, env: cdk.Environment) -> None:
        super().__init__(scope, id, env=env)
        image = ecs.ContainerImage.from_asset(str(Path(__file__).parent / "api"))
        certificate = acm.Certificate.from_certificate_arn(self, "Certificate", CERTIFICATE_ARN)

        mesh = ServiceConnectMesh(self, "Mesh")
        api = RedisBackedEcsService(
            self,
            "Api",
            mesh=mesh,
            containers=[ContainerOptions(image=image, ports=[PortOptions(name="http", container_port=8080)])],
        )
        api.connect_to(LdapDirectory("ldap.example.com", "192.0.2.0/24"))

        external = ExternalSide.https(certificate=SideCertificate.given(certificate))
        gateway = DualAlbGateway(self, "Gateway", network=mesh, external=external)
        gateway.external.route("Api", target=api.port("http"))

        try:
            api.port("htpp")
        except RuntimeError as error:  # says which prop, what it must be, what it was, and what to do
            print(error, file=sys.stderr)


app = cdk.App()
env = cdk.Environment(region="us-east-1")
Shop(app, "Shop", env=env)
GeolocationReferenceApp(cdk.Stack(app, "Geolocation", env=env), "Geo")
app.synth()
