import { Duration } from 'aws-cdk-lib';
import { AccessLogs, DualAlbGateway, InternalSide } from 'cdk-ecs-mesh';
import { newMesh } from '../helpers';

const gateway = (expiration: Duration) => {
  const network = newMesh();
  const accessLogs = AccessLogs.managedBucket({ expiration });
  return new DualAlbGateway(network.node.scope!, 'Gateway', { network, internal: InternalSide.http(), accessLogs });
};

test.each([
  [Duration.days(0), '0'],
  [Duration.hours(36), '1.5'],
  [Duration.days(36_501), '36501'],
])('logs that expire after %s are refused', (expiration, got) => {
  expect(() => gateway(expiration)).toThrow(
    new RegExp(`^\`accessLogs\\.expiration\` must be .*1.*36500.*, got ${got}.* \\[AccessLogsExpiration at Shop/Gateway\\]$`),
  );
});

test.each([Duration.days(1), Duration.days(36_500)])('logs that expire after %s are taken', (expiration) => {
  expect(() => gateway(expiration)).not.toThrow();
});
