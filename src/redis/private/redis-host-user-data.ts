import { Fn } from 'aws-cdk-lib';
import { renderRedisConfig, RedisServerSettings } from './redis-config';

/** The settings of the host. Values can be tokens; the password is not among them. */
export interface RedisHostSetup {
  readonly settings: RedisServerSettings;
  readonly image: string;
  readonly region: string;
  readonly secretArn: string;
  /** The ID of the data volume; undefined if nothing is kept. */
  readonly volumeId?: string;
  /** The presigned URL that signals the result of the first start to CloudFormation. */
  readonly readyUrl: string;
}

/** The user ID of the server, which is not that of any image's own user: the files on the data volume belong to it whatever the image. */
const SERVER_USER = '6379:6379';
const DATA = '/var/lib/cdk-ecs-mesh';
const BOUNDARY = '==cdk-ecs-mesh==';

/**
 * Renders user data that runs on every boot, not only on the first: CloudFormation restarts an instance whose user data changes, so new
 * settings reach the running host with its address, disk and data.
 */
export function renderRedisHostUserData(setup: RedisHostSetup): string {
  const lines = [
    `Content-Type: multipart/mixed; boundary="${BOUNDARY}"`,
    'MIME-Version: 1.0',
    '',
    `--${BOUNDARY}`,
    'Content-Type: text/cloud-config; charset="us-ascii"',
    '',
    '#cloud-config',
    'cloud_final_modules:',
    '- [scripts-user, always]',
    '',
    `--${BOUNDARY}`,
    'Content-Type: text/x-shellscript; charset="us-ascii"',
    '',
    ...renderBootScript(setup),
    '',
    `--${BOUNDARY}--`,
    '',
  ];
  return Fn.base64(lines.join('\n'));
}

function renderBootScript(setup: RedisHostSetup): string[] {
  return [
    '#!/bin/bash',
    'set -euo pipefail',
    `READY_URL='${setup.readyUrl}'`,
    // Only the first deployment listens; later boots talk to an address that has expired, which is no error.
    'report() {',
    '  curl -sS --retry 5 -X PUT -H "Content-Type:" -o /dev/null "$READY_URL" \\',
    '    --data-binary "{\\"Status\\":\\"$1\\",\\"Reason\\":\\"$2\\",\\"UniqueId\\":\\"redis\\",\\"Data\\":\\"\\"}" || true',
    '}',
    'trap \'report FAILURE "The host could not be set up: see /var/log/cloud-init-output.log on it"\' ERR',
    '',
    // It could not sign in before the policy that names this instance was there, and tries again only after a long time.
    '(sleep 90; systemctl restart amazon-ssm-agent) >/dev/null 2>&1 &',
    'for attempt in $(seq 20); do rpm -q docker && break; dnf install -y docker || sleep 15; done',
    'rpm -q docker',
    'systemctl enable --now docker',
    // The server forks to rewrite its file; without overcommit the fork fails when memory is half full.
    'sysctl -w vm.overcommit_memory=1',
    '',
    'install -d -m 0755 /etc/cdk-ecs-mesh',
    ...heredoc('/etc/cdk-ecs-mesh/redis.conf', [...renderRedisConfig(setup.settings), 'include /etc/redis/auth.conf']),
    ...heredoc('/usr/local/sbin/cdk-ecs-mesh-redis', renderServerScript(setup)),
    'chmod 0755 /usr/local/sbin/cdk-ecs-mesh-redis',
    ...heredoc('/etc/systemd/system/cdk-ecs-mesh-redis.service', renderUnit()),
    'systemctl daemon-reload',
    'systemctl restart cdk-ecs-mesh-redis',
    '',
    // A server that asks for the password is up and protected.
    'for attempt in $(seq 120); do',
    `  reply=$(timeout 5 bash -c 'exec 3<>/dev/tcp/127.0.0.1/${setup.settings.port}; printf "PING\\r\\n" >&3; head -n 1 <&3' 2>/dev/null || true)`,
    '  if [[ $reply == -NOAUTH* ]]; then report SUCCESS "Redis answers"; exit 0; fi',
    '  sleep 5',
    'done',
    'report FAILURE "Redis did not answer in 10 minutes: see journalctl -u cdk-ecs-mesh-redis on the host"',
    'exit 1',
  ];
}

/** Renders the script of the unit's main process. systemd retries it when a command in it fails. */
function renderServerScript(setup: RedisHostSetup): string[] {
  return [
    '#!/bin/bash',
    'set -euo pipefail',
    `REGION=${setup.region}`,
    `SECRET_ARN=${setup.secretArn}`,
    `install -d -m 0700 ${DATA}`,
    ...(setup.volumeId ? renderDisk(setup.volumeId) : []),
    `chown ${SERVER_USER} ${DATA}`,
    '',
    // In memory only, readable to the server and to nobody else; through a pipe, so no process list shows it.
    'install -d -m 0700 /run/cdk-ecs-mesh',
    'umask 077',
    'aws secretsmanager get-secret-value --region "$REGION" --secret-id "$SECRET_ARN" --query SecretString --output text \\',
    '  | python3 -c \'import json, sys; print("requirepass " + json.load(sys.stdin)["password"])\' > /run/cdk-ecs-mesh/auth.conf',
    `chown ${SERVER_USER} /run/cdk-ecs-mesh/auth.conf`,
    'chmod 0400 /run/cdk-ecs-mesh/auth.conf',
    '',
    'docker rm -f cdk-ecs-mesh-redis >/dev/null 2>&1 || true',
    `exec docker run --rm --name cdk-ecs-mesh-redis --network host --user ${SERVER_USER} \\`,
    '  --read-only --cap-drop ALL --security-opt no-new-privileges --ulimit nofile=65536:65536 --log-driver none \\',
    '  -v /etc/cdk-ecs-mesh/redis.conf:/etc/redis/redis.conf:ro -v /run/cdk-ecs-mesh/auth.conf:/etc/redis/auth.conf:ro \\',
    `  -v ${DATA}:/data --entrypoint sh '${setup.image}' \\`,
    '  -c \'exec "$(command -v valkey-server || command -v redis-server)" /etc/redis/redis.conf\'',
  ];
}

/**
 * Renders the commands by which the host attaches its disk. An attachment resource would not work for a host that is replaced, because the
 * new one is attached before the old one is gone. A volume has at most one writer, so the new host waits until the old one has detached it.
 */
function renderDisk(volumeId: string): string[] {
  return [
    `VOLUME_ID=${volumeId}`,
    'IMDS=http://169.254.169.254/latest',
    'TOKEN=$(curl -sSf -X PUT -H "X-aws-ec2-metadata-token-ttl-seconds: 300" "$IMDS/api/token")',
    'INSTANCE_ID=$(curl -sSf -H "X-aws-ec2-metadata-token: $TOKEN" "$IMDS/meta-data/instance-id")',
    'DISK=/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${VOLUME_ID/-/}',
    'until [ -e "$DISK" ]; do',
    '  aws ec2 attach-volume --region "$REGION" --volume-id "$VOLUME_ID" --instance-id "$INSTANCE_ID" --device /dev/sdf || true',
    '  sleep 5',
    'done',
    // 2 means that nothing at all was found; any other answer, a read error among them, must not lead to a format.
    'blank=0; blkid -p "$DISK" >/dev/null || blank=$?',
    'if [ "$blank" -eq 2 ]; then mkfs.xfs "$DISK"; fi',
    `mountpoint -q ${DATA} || mount -o noatime "$DISK" ${DATA}`,
    `xfs_growfs ${DATA}`,
  ];
}

function renderUnit(): string[] {
  return [
    '[Unit]',
    'Description=Redis server of cdk-ecs-mesh',
    'Requires=docker.service',
    'After=docker.service',
    'StartLimitIntervalSec=0',
    '[Service]',
    'ExecStart=/usr/local/sbin/cdk-ecs-mesh-redis',
    'ExecStop=/usr/bin/docker stop --time 60 cdk-ecs-mesh-redis',
    'TimeoutStopSec=90',
    'Restart=always',
    'RestartSec=5',
    // Where nobody can log in yet, only the console tells why it does not start.
    'StandardOutput=journal+console',
    'StandardError=journal+console',
  ];
}

function heredoc(path: string, lines: string[]): string[] {
  return [`cat > ${path} <<'END_OF_FILE'`, ...lines, 'END_OF_FILE'];
}
