// The first stack of the README, an endpoint of our own, and the geolocation app: `cdk synth --app "go run app.go"`.
package main

import (
	"fmt"
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	mesh "github.com/cdk-ecs-mesh/cdk-ecs-mesh-go/cdkecsmesh"
)

const certificateArn = "arn:aws:acm:us-east-1:111111111111:certificate/00000000-0000-0000-0000-000000000000"

// ldapDirectory is a server that the library does not know: its variables, and the way out to it.
type ldapDirectory struct{ host, cidr string }

func (l *ldapDirectory) BindEndpoint(_ mesh.IEndpointClient, options *mesh.ConnectOptions) *mesh.EndpointBinding {
	prefix := "LDAP"
	if options.As != nil {
		prefix = *options.As
	}
	return &mesh.EndpointBinding{
		Facts: &mesh.EndpointFacts{
			Server: &l.host, Protocol: jsii.String("ldaps"), DnsName: &l.host, Port: jsii.Number(636),
		},
		Environment: &map[string]*string{
			prefix + "_HOST": &l.host,
			prefix + "_URL":  jsii.Sprintf("ldaps://%s:636", l.host),
		},
		Reaches: &[]*mesh.EndpointReach{
			{Server: awsec2.Peer_Ipv4(&l.cidr), Port: awsec2.Port_Tcp(jsii.Number(636))},
		},
	}
}

func newShop(scope constructs.Construct, id string, props *awscdk.StackProps) awscdk.Stack {
	stack := awscdk.NewStack(scope, &id, props)
	image := awsecs.ContainerImage_FromAsset(jsii.String("api"), nil)
	certificate := awscertificatemanager.Certificate_FromCertificateArn(stack, jsii.String("Certificate"), jsii.String(certificateArn))

	network := mesh.NewServiceConnectMesh(stack, jsii.String("Mesh"), nil)
	api := mesh.NewRedisBackedEcsService(stack, jsii.String("Api"), &mesh.RedisBackedEcsServiceProps{
		Mesh: network,
		Containers: &[]*mesh.ContainerOptions{{
			Image: image,
			Ports: &[]*mesh.PortOptions{{Name: jsii.String("http"), ContainerPort: jsii.Number(8080)}},
		}},
	})
	api.ConnectTo(&ldapDirectory{host: "ldap.example.com", cidr: "192.0.2.0/24"}, nil)

	gateway := mesh.NewDualAlbGateway(stack, jsii.String("Gateway"), &mesh.DualAlbGatewayProps{
		Network: network,
		External: mesh.ExternalSide_Https(&mesh.ExternalHttpsOptions{
			Certificate: mesh.SideCertificate_Given(certificate, nil),
		}),
	})
	gateway.External().Route(jsii.String("Api"), &mesh.RouteProps{Target: api.Port(jsii.String("http"))})

	showMistake(func() { api.Port(jsii.String("htpp")) })
	return stack
}

// showMistake prints a panic of the library: which prop, what it must be, what it was, and what to do.
func showMistake(wrong func()) {
	defer func() { fmt.Fprintln(os.Stderr, recover()) }()
	wrong()
}

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	props := &awscdk.StackProps{Env: &awscdk.Environment{Region: jsii.String("us-east-1")}}
	newShop(app, "Shop", props)
	mesh.NewGeolocationReferenceApp(awscdk.NewStack(app, jsii.String("Geolocation"), props), jsii.String("Geo"), nil)
	app.Synth(nil)
}
