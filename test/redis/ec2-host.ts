import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Ec2HostRedis, Ec2HostRedisProps, ServiceConnectMeshProps } from 'cdk-ecs-mesh';
import { newMesh, newStack, only, templateOf } from '../helpers';

export const DOMAIN = { privateDomain: 'nidhin.local' };

/** A store in a stack of its own, next to a mesh in another; `template` is the store's. */
export function arrange(options: Partial<Ec2HostRedisProps> = {}, meshProps: ServiceConnectMeshProps = DOMAIN) {
  const mesh = newMesh(newStack('Net'), meshProps);
  const stack = newStack('Data', mesh.node.root as App);
  const redis = new Ec2HostRedis(stack, 'Redis', { mesh, ...options });
  return {
    mesh,
    stack,
    redis,
    /** Synthesised when it is read; what is added later is not in it. */
    get template() {
      return templateOf(redis);
    },
  };
}

/** Properties of the one host of a template. */
export function hostOf(template: Template) {
  return only(template, 'AWS::EC2::Instance').Properties;
}

/** Name of the SSM parameter that the launch template takes its image from. */
export function imageParameterOf(template: Template): string {
  const { Ref } = only(template, 'AWS::EC2::LaunchTemplate').Properties.LaunchTemplateData.ImageId;
  return template.toJSON().Parameters[Ref].Default;
}

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
