import { Stack } from 'aws-cdk-lib';
import { MeshNetwork, ServiceConnectMesh, ServiceConnectMeshProps } from 'cdk-ecs-mesh';

export type Build = (stack: Stack) => unknown;

/** A change that a page of the docs describes. */
export interface NamedChange {
  /** The page, and words on it that the comparison confirms. */
  readonly page: string;
  readonly says: string;
  readonly before: Build;
  readonly after: Build;
  /** What becomes of the resources of interest that do not remain unchanged, by construct path without the stack. */
  readonly outcomes: Readonly<Record<string, string>>;
  /** What is refused: the rule and the construct path. */
  readonly refusals?: readonly string[];
}

const TWO_ZONES = MeshNetwork.threeTier({ availabilityZones: 2 });

export function meshIn(stack: Stack, props: ServiceConnectMeshProps = {}): ServiceConnectMesh {
  return new ServiceConnectMesh(stack, 'Mesh', { network: TWO_ZONES, ...props });
}
