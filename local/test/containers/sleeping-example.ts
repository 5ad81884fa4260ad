import * as fs from 'node:fs';
import * as path from 'node:path';
import { ASLEEP, NODE } from './rows-app';
import { JsonObject } from '../../assembly/json';
import { ResourceBody, TemplateBody } from '../../assembly/stack-template';
import { ConnectedExample } from '../fixture/connections';
import { exampleApp } from '../fixture/example-app';

/** What would start a server of AWS's services beside the run. */
const DROPPED = /^AWS::(S3|SQS|SSM)::/;

export type Resources = Record<string, ResourceBody>;

/** An example whose tasks sleep: its network, security groups, load balancers and stores are as they are, and nothing has to be built. */
export function synthesiseSleeping(
  example: ConnectedExample,
  directory: string,
  change: (resources: Resources) => Resources = (resources) => resources,
): string {
  // An app is made once, whatever changes its templates then get.
  fs.cpSync(exampleApp(example, `${directory}.out`).synth().directory, directory, { recursive: true });
  for (const file of fs.readdirSync(directory).filter((name) => name.endsWith('.template.json'))) {
    const template = JSON.parse(fs.readFileSync(path.join(directory, file), 'utf8')) as TemplateBody;
    const kept = Object.entries(template.Resources ?? {}).filter(([, { Type }]) => !DROPPED.test(Type));
    const Resources = change(Object.fromEntries(kept.map(([id, body]) => [id, asleep(body)])));
    fs.writeFileSync(path.join(directory, file), JSON.stringify({ ...template, Resources }));
  }
  return directory;
}

function asleep({ Type, Properties = {} }: ResourceBody): ResourceBody {
  if (Type === 'AWS::ECS::Service') {
    const { LoadBalancers: _targets, ServiceRegistries: _names, ...kept } = Properties;
    // On hosts, one task of a service for each: those on one host meet without passing its interface.
    return { Type, Properties: { ...kept, DesiredCount: 'NetworkConfiguration' in kept ? 1 : 2 } };
  }
  if (Type === 'AWS::ECS::TaskDefinition') {
    const [{ Name, PortMappings = [] }] = Properties.ContainerDefinitions as [JsonObject];
    return {
      Type,
      Properties: {
        ...{ Family: Properties.Family, NetworkMode: Properties.NetworkMode },
        ContainerDefinitions: [{ Name, PortMappings, Image: NODE, ...ASLEEP, Memory: 64 }],
      },
    };
  }
  return { Type, Properties };
}
