package com.example;

import io.github.cdkecsmesh.ConnectOptions;
import io.github.cdkecsmesh.EndpointBinding;
import io.github.cdkecsmesh.EndpointFacts;
import io.github.cdkecsmesh.EndpointReach;
import io.github.cdkecsmesh.IEndpoint;
import io.github.cdkecsmesh.IEndpointClient;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.services.ec2.Peer;
import software.amazon.awscdk.services.ec2.Port;

/** A server that the library does not know: its variables, and the way out to it. */
public record LdapDirectory(String host, String cidr) implements IEndpoint {
    @Override
    public EndpointBinding bindEndpoint(IEndpointClient client, ConnectOptions options) {
        String prefix = options.getAs() == null ? "LDAP" : options.getAs();
        return EndpointBinding.builder()
                .facts(EndpointFacts.builder().server(host).protocol("ldaps").dnsName(host).port(636).build())
                .environment(Map.of(prefix + "_HOST", host, prefix + "_URL", "ldaps://" + host + ":636"))
                .reaches(List.of(EndpointReach.builder().server(Peer.ipv4(cidr)).port(Port.tcp(636)).build()))
                .build();
    }
}
