import { App, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import {
  Compliance,
  CostReport,
  EcsMeshChecks,
  GeolocationCompute,
  GeolocationPage,
  GeolocationRedis,
  GeolocationReferenceApp,
  TopologyDiagram,
} from 'cdk-ecs-mesh';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Construct } from 'constructs';

/** Settings come from `-c name=value` or from cdk.json; every one may be left out. */
class GeolocationStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id, { env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION ?? 'us-east-1' } });
    const setting = (name: string): string | undefined => this.node.tryGetContext(name);

    new GeolocationReferenceApp(this, 'Geolocation', {
      privateDomain: setting('privateDomain'),
      page: this.page(setting('zoneName'), setting('zoneId')),
      compute: setting('compute') as GeolocationCompute | undefined,
      redis: setting('redis') as GeolocationRedis | undefined,
      upstream: setting('provider') === 'upstream' ? { secret: this.upstreamSecret() } : undefined,
      removalPolicy: setting('mode') === 'development' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
  }

  private page(zoneName?: string, hostedZoneId?: string): GeolocationPage | undefined {
    if (!zoneName || !hostedZoneId) return undefined;
    return GeolocationPage.inZone(route53.HostedZone.fromHostedZoneAttributes(this, 'Zone', { zoneName, hostedZoneId }));
  }

  /** The key is put in by hand, so that it is in no template: `aws secretsmanager put-secret-value --secret-string '{"apiKey":"..."}'`. */
  private upstreamSecret(): secretsmanager.ISecret {
    const secret = new secretsmanager.Secret(this, 'UpstreamKey', {
      description: 'API key of the geolocation provider',
      encryptionKey: Compliance.of(this).encryptionKey(this),
      generateSecretString: { secretStringTemplate: '{}', generateStringKey: 'apiKey' },
    });
    const packs = ['NIST.800.53.R5', 'HIPAA.Security'];
    const rules = ['AwsSolutions-SMG4', ...packs.map((pack) => `${pack}-SecretsManagerRotationEnabled`)];
    const reason = 'The key is issued by the provider, which has no API that could rotate it.';
    Validations.of(secret).acknowledge(...rules.map((id) => ({ id, reason })));
    return secret;
  }
}

export const app = new App();
if (app.node.tryGetContext('compliance') === 'strict') Compliance.strict().applyTo(app);
new GeolocationStack(app, 'GeolocationDemo');
TopologyDiagram.attach(app);
CostReport.attach(app);
Validations.of(app).addPlugins(new AwsSolutionsChecks(), new EcsMeshChecks());
