import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IParameter, ParameterTier, StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { callParameterStore } from './parameter-store';
import { EndpointBinding } from '../../core/endpoint';
import { IMesh } from '../../core/mesh';
import { validationError } from '../../core/private/errors';
import { NameRegistry } from '../../core/private/name-registry';
import { kebabCase } from '../../core/private/names';
import { sorted } from '../../core/private/sorted';

/** The inputs of a parameter group. */
export interface ParameterGroupRequest {
  readonly mesh: IMesh;
  /** The last part of the path, after the name of the mesh; the construct ID in kebab-case by default. */
  readonly name?: string;
  /** The prop that the values come from. */
  readonly prop: string;
  readonly values: { [name: string]: string };
  readonly namePattern: RegExp;
  readonly nameRule: string;
  readonly allowedPattern?: string;
}

/**
 * The maximum number of parameters in a group: the policy of each client lists their ARNs, and its size is limited to 10,240 characters.
 */
const MOST = 50;

/** The maximum size of a value in the standard tier, which is free, in bytes. */
const LARGEST = 4096;

/** Parameters under one path. Each is a resource of its own, so that adding one does not affect the values of the others. */
export class ParameterGroup {
  public readonly path: string;
  public readonly parameters = new Map<string, IParameter>();

  constructor(
    private readonly scope: Construct,
    request: ParameterGroupRequest,
  ) {
    const { mesh, name = kebabCase(scope.node.id), prop, values, allowedPattern } = request;
    this.path = `/${mesh.meshName}/${name}/`;
    requirePath(scope, this.path);
    requireValues(scope, request);
    NameRegistry.of(mesh).claim({ kind: 'parameter path', name: this.path, owner: scope, prop: 'name' });
    for (const [key, stringValue] of sorted(values)) {
      const parameter = new StringParameter(scope, key, {
        parameterName: `${this.path}${key}`,
        stringValue,
        simpleName: false,
        tier: ParameterTier.STANDARD,
        allowedPattern,
        description: `${prop} of ${mesh.meshName}`,
      });
      this.parameters.set(key, parameter);
    }
  }

  /**
   * Returns a binding that gives the path, and access to exactly these parameters by name.
   *
   * @param kind the default prefix of the variable, in lowercase
   */
  public bind(kind: 'settings' | 'flags', prefix = kind.toUpperCase()): EndpointBinding {
    const resources = [...this.parameters.values()].map(({ parameterArn }) => parameterArn);
    return {
      ...callParameterStore(this.scope.node.path, `${kind} ${this.path}`),
      environment: { [`${prefix}_PATH`]: this.path },
      policyStatements: [new PolicyStatement({ actions: ['ssm:GetParameter', 'ssm:GetParameters'], resources })],
    };
  }
}

function requirePath(scope: Construct, path: string): void {
  if (/^\/(?!aws|ssm)[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+\/$/i.test(path)) return;
  throw validationError(scope, 'BadParameterPath', {
    prop: 'name',
    must: 'form a path of letters, digits, dots, hyphens and underscores that does not start with "aws" or "ssm"',
    got: path,
    fix: 'set `name`, or `meshName` of the mesh',
  });
}

function requireValues(scope: Construct, { prop, values, namePattern, nameRule }: ParameterGroupRequest): void {
  const names = Object.keys(values);
  if (names.length < 1 || names.length > MOST) {
    throw validationError(scope, 'ParameterCount', {
      prop,
      must: `have 1 to ${MOST} entries`,
      got: names.length,
      fix: 'split them by the services that read them',
    });
  }
  for (const [name, value] of Object.entries(values)) {
    // Construct ids cannot be names that every object has, such as `constructor`.
    if (!namePattern.test(name) || name in Object.prototype) {
      throw validationError(scope, 'BadParameterName', {
        prop,
        must: `have names of ${nameRule}`,
        got: name,
        fix: 'choose another name',
      });
    }
    if (value.length === 0 || Buffer.byteLength(value) > LARGEST) {
      throw validationError(scope, 'ParameterSize', {
        prop: `${prop}.${name}`,
        must: `be 1 to ${LARGEST} bytes`,
        got: Buffer.byteLength(value),
        fix: 'leave an empty one out; store a large one in a bucket or in the image',
      });
    }
  }
}
