package com.example;

import io.github.cdkecsmesh.ContainerOptions;
import io.github.cdkecsmesh.DualAlbGateway;
import io.github.cdkecsmesh.ExternalHttpsOptions;
import io.github.cdkecsmesh.ExternalSide;
import io.github.cdkecsmesh.PortOptions;
import io.github.cdkecsmesh.RedisBackedEcsService;
import io.github.cdkecsmesh.RouteProps;
import io.github.cdkecsmesh.ServiceConnectMesh;
import io.github.cdkecsmesh.SideCertificate;
import java.util.List;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.certificatemanager.Certificate;
import software.amazon.awscdk.services.certificatemanager.ICertificate;
import software.amazon.awscdk.services.ecs.ContainerImage;
import software.constructs.Construct;

/** The first stack of the README, and an endpoint of our own. */
public final class Shop extends Stack {
    private static final String CERTIFICATE_ARN =
            "arn:aws:acm:us-east-1:111111111111:certificate/00000000-0000-0000-0000-000000000000";

    public Shop(Construct scope, String id, StackProps props) {
        super(scope, id, props);
        ContainerImage image = ContainerImage.fromAsset("api");
        ICertificate certificate = Certificate.fromCertificateArn(this, "Certificate", CERTIFICATE_ARN);

        ServiceConnectMesh mesh = new ServiceConnectMesh(this, "Mesh");
        PortOptions http = PortOptions.builder().name("http").containerPort(8080).build();
        RedisBackedEcsService api = RedisBackedEcsService.Builder.create(this, "Api")
                .mesh(mesh)
                .containers(List.of(ContainerOptions.builder().image(image).ports(List.of(http)).build()))
                .build();
        api.connectTo(new LdapDirectory("ldap.example.com", "192.0.2.0/24"));

        DualAlbGateway gateway = DualAlbGateway.Builder.create(this, "Gateway")
                .network(mesh)
                .external(ExternalSide.https(ExternalHttpsOptions.builder()
                        .certificate(SideCertificate.given(certificate))
                        .build()))
                .build();
        gateway.getExternal().route("Api", RouteProps.builder().target(api.port("http")).build());

        try {
            api.port("htpp");
        } catch (RuntimeException error) { // its first line says which prop, what it must be, what it was, and what to do
            System.err.println(error.getMessage().lines().findFirst().orElseThrow());
        }
    }
}
