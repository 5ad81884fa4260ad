import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { validationError } from './errors';
import { isUnknown } from './unknown';

const GIB = 1024;
/** The memory of burstable types in GiB, the same in every generation. */
const BURSTABLE: Record<string, number> = { nano: 0.5, micro: 1, small: 2, medium: 4, large: 8, xlarge: 16, '2xlarge': 32 };
/** The memory per vCPU in GiB of families with a fixed ratio; `c5n` is an exception. */
const PER_VCPU: Record<string, number> = { c: 2, m: 4, r: 8 };

/**
 * Returns the memory in MiB of common instance types; undefined for others. It is derived from the naming scheme and not read from an API,
 * so that synthesis always gives the same template.
 */
export function memoryOf(type: InstanceType): number | undefined {
  const [family, size] = type.toString().split('.');
  if (/^t\d/.test(family)) return BURSTABLE[size] === undefined ? undefined : BURSTABLE[size] * GIB;
  const perVcpu = /^[cmr]\d/.test(family) && family !== 'c5n' ? PER_VCPU[family[0]] : undefined;
  const vcpus = vcpusOfSize(size);
  return perVcpu && vcpus ? perVcpu * vcpus * GIB : undefined;
}

/** Rejects a type that is not of EC2's form, such as `db.t4g.micro`, from which CDK would make `db.db.t4g.micro`. */
export function requireInstanceType(scope: IConstruct, prop: string, type: InstanceType | undefined): void {
  const name = type?.toString();
  if (name === undefined || isUnknown(name) || /^[a-z0-9-]+\.[a-z0-9-]+$/.test(name)) return;
  const [plain] = /[a-z0-9-]+\.[a-z0-9-]+$/.exec(name) ?? ['t4g.micro'];
  throw validationError(scope, 'InstanceTypeForm', {
    prop,
    must: 'be a family and a size, without the prefix of a service',
    got: name,
    fix: `write it as in new ec2.InstanceType(${JSON.stringify(plain)})`,
  });
}

/** Returns true for instance types before Nitro, which name their disks differently and lack other features that a host needs. */
export function isBeforeNitro(type: InstanceType): boolean {
  return /^(t[12]|m[1-4]|c[134]|cc2|r[34]|x1e?|i[23]|d2|h1|g[23]s?|p[23]|f1)\./.test(type.toString());
}

/**
 * Returns the network interfaces of common instance types, of which the host itself uses one; undefined for others.
 *
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-type-specifications.html
 */
export function interfacesOf(type: InstanceType): number | undefined {
  const [family, size] = type.toString().split('.');
  if (/^t(2|3|3a|4g)$/.test(family)) return burstableInterfaces(family, size);
  const vcpus = /^[cmr][5-9]/.test(family) && !family.endsWith('zn') ? vcpusOfSize(size) : undefined;
  if (vcpus === undefined) return undefined;
  if (vcpus >= 64) return 15;
  if (vcpus >= 16) return 8;
  return vcpus >= 4 ? 4 : vcpus + 1;
}

function burstableInterfaces(family: string, size: string): number | undefined {
  if (!(size in BURSTABLE)) return undefined;
  if (size === 'nano' || size === 'micro' || (size === 'small' && family === 't3a')) return 2;
  return size.endsWith('xlarge') && family !== 't2' ? 4 : 3;
}

/** Returns the vCPUs of common instance types; undefined for others. */
export function vcpusOf(type: InstanceType): number | undefined {
  const [family, size] = type.toString().split('.');
  if (/^t(3|3a|4g)$/.test(family)) return vcpusOfSize(size) ?? 2;
  return /^[cmr][5-9]/.test(family) ? vcpusOfSize(size) : undefined;
}

function vcpusOfSize(size: string): number | undefined {
  const fixed: Record<string, number> = { medium: 1, large: 2, xlarge: 4 };
  const several = /^(\d+)xlarge$/.exec(size);
  return several ? Number(several[1]) * 4 : fixed[size];
}
