import { Duration } from 'aws-cdk-lib';
import { AccessLogs, DualAlbGateway } from 'cdk-ecs-mesh';
import { newMesh } from '../helpers';

const gateway = (expiration: Duration) => {
  const { vpc, node } = newMesh();
  return new DualAlbGateway(node.scope!, 'Gateway', { vpc, accessLogs: AccessLogs.managedBucket({ expiration }) });
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
