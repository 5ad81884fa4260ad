import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { GeolocationReferenceApp } from '../../src/patterns/geolocation-reference-app';
import { TopologyDiagram } from '../../src/topology/topology-diagram';

/**
 * The picture of README and docs is the one that the code draws. After a change that is meant, look at the new one and accept it:
 *
 *   UPDATE_PICTURES=1 npx jest test/topology/pictures --coverage=false
 */
test('docs/images/geolocation.svg is what the reference app records', () => {
  const stack = new Stack(new App(), 'Geolocation', { env: { region: 'us-east-1' } });
  new GeolocationReferenceApp(stack, 'Geolocation', {
    privateDomain: 'nidhin.local',
    publicZone: HostedZone.fromHostedZoneAttributes(stack, 'Zone', { zoneName: 'nidhin.com', hostedZoneId: 'Z00000000000000DEMO' }),
  });
  expectPicture('docs/images/geolocation.svg', TopologyDiagram.of(stack, { title: 'Geolocation reference app' }).toSvg());
});

function expectPicture(path: string, svg: string): void {
  const file = join(__dirname, '..', '..', path);
  if (process.env.UPDATE_PICTURES) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, svg);
  }
  expect(readFileSync(file, 'utf8')).toBe(svg);
}
