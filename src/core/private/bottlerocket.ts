import { IConstruct } from 'constructs';
import { ConstructState } from './construct-state';
import { Violation } from './errors';

/** The remedy in the choice of the image. */
const bottlerocket = new ConstructState<string>('bottlerocket', () => '');
const SOURCE = 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-bottlerocket.html';

/**
 * Marks hosts that run Bottlerocket, which lacks some features that tasks need.
 *
 * @param otherImage how the hosts get another operating system, as it reads after "choose"
 */
export function markBottlerocket(hosts: IConstruct, otherImage: string): void {
  bottlerocket.set(hosts, otherImage);
}

/** Returns the first of several hosts that runs Bottlerocket: a task can be placed on any of them. */
export function bottlerocketAmong(hosts: IConstruct[]): IConstruct | undefined {
  return hosts.find((each) => bottlerocket.find(each) !== undefined);
}

/**
 * Returns a violation for Service Connect on Bottlerocket: the ECS agent finds no proxy there, and tasks stay in PROVISIONING:
 * https://github.com/bottlerocket-os/bottlerocket/issues/2801
 *
 * @param otherwise what is possible on such hosts, as it reads after "or"
 */
export function noServiceConnectOn(host: IConstruct, prop: string, got: string, otherwise: string): Violation {
  return {
    prop,
    must: `be without Service Connect on Bottlerocket, which has none (${SOURCE}), and ${host.node.path} runs it`,
    got,
    fix: `choose ${bottlerocket.of(host)} for the hosts, or ${otherwise}`,
  };
}

/** Returns a violation for EFS on Bottlerocket: https://github.com/bottlerocket-os/bottlerocket/issues/1080 */
export function noEfsOn(host: IConstruct, prop: string, got?: unknown): Violation {
  return {
    prop,
    must: `be without EFS on Bottlerocket, which mounts it neither encrypted in transit nor in awsvpc network mode (${SOURCE}), and ${host.node.path} runs it`,
    got,
    fix: `choose ${bottlerocket.of(host)} for the hosts, or Compute.fargate()`,
  };
}
