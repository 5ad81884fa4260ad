import { App, Stack } from 'aws-cdk-lib';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { expectPicture } from './expect-picture';
import { earlier, small } from './topologies';
import { GeolocationPage } from '../../src/patterns/geolocation-page';
import { GeolocationReferenceApp } from '../../src/patterns/geolocation-reference-app';
import { TopologyDiagram } from '../../src/topology/topology-diagram';
import { TopologyDiff } from '../../src/topology/topology-diff';

/**
 * The picture of README and docs is the one that the code draws. After a change that is meant, look at the new one and accept it:
 *
 *   UPDATE_PICTURES=1 npx jest test/topology/pictures test/examples/company --coverage=false
 */
test('docs/images/geolocation.svg is what the reference app records', () => {
  const stack = new Stack(new App(), 'Geolocation', { env: { region: 'us-east-1' } });
  new GeolocationReferenceApp(stack, 'Geolocation', {
    privateDomain: 'nidhin.local',
    page: GeolocationPage.inZone(
      HostedZone.fromHostedZoneAttributes(stack, 'Zone', { zoneName: 'nidhin.com', hostedZoneId: 'Z00000000000000DEMO' }),
    ),
  });
  expectPicture('docs/images/geolocation.svg', TopologyDiagram.of(stack, { title: 'Geolocation reference app' }).toSvg());
});

test.each([
  ['care', 'Care'],
  ['voting', 'Voting'],
  ['flask-nginx', 'Flask behind Nginx'],
  ['platform', 'Platform'],
])('docs/images/%s.svg is what the example records', (name, title) => {
  process.env.CDK_CONTEXT_JSON = JSON.stringify({ zoneName: 'example.com', zoneId: 'Z00000000000000DEMO', profile: 'production' });
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { app } = require(`../../examples/${name}/app`);
  expectPicture(`docs/images/${name}.svg`, TopologyDiagram.of(app, { title }).toSvg());
});

test('docs/images/topology-diff.svg is what a comparison draws', () => {
  const [before, after] = [earlier(), small()].map((app) => TopologyDiagram.of(app).toJson());
  expectPicture('docs/images/topology-diff.svg', TopologyDiff.of(before, after).toSvg());
});
