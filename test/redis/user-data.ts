import { Template } from 'aws-cdk-lib/assertions';
import { only } from '../helpers';

/** What the host of a template runs on boot, with `@LogicalId@` for each reference. */
export function userDataOf(template: Template): string {
  const { UserData } = only(template, 'AWS::EC2::Instance').Properties;
  const parts: (string | { Ref: string })[] = UserData['Fn::Base64']['Fn::Join'][1];
  return parts.map((part) => (typeof part === 'string' ? part : `@${part.Ref}@`)).join('');
}

/** The directives between the markers that the local runner looks for. */
export function redisConfigOf(template: Template): string[] {
  const lines = userDataOf(template).split('\n');
  return lines.slice(lines.indexOf('# cdk-ecs-mesh:redis-config begin') + 1, lines.indexOf('# cdk-ecs-mesh:redis-config end'));
}

/** The shell script among the parts of the user data. */
export function bootScriptOf(template: Template): string {
  const [, script] = userDataOf(template).split('Content-Type: text/x-shellscript; charset="us-ascii"\n\n');
  return script.split('\n--==')[0];
}

/** The script that the boot script writes for systemd to run. */
export function serverScriptOf(template: Template): string {
  const [, rest] = bootScriptOf(template).split("cat > /usr/local/sbin/cdk-ecs-mesh-redis <<'END_OF_FILE'\n");
  return rest.split('\nEND_OF_FILE')[0];
}
