import { InstanceType } from 'aws-cdk-lib/aws-ec2';

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
  const vcpus = vcpusOf(size);
  return perVcpu && vcpus ? perVcpu * vcpus * GIB : undefined;
}

/** Returns true for instance types before Nitro, which name their disks differently and lack other features that a host needs. */
export function isBeforeNitro(type: InstanceType): boolean {
  return /^(t[12]|m[1-4]|c[134]|cc2|r[34]|x1e?|i[23]|d2|h1|g[23]s?|p[23]|f1)\./.test(type.toString());
}

function vcpusOf(size: string): number | undefined {
  const fixed: Record<string, number> = { medium: 1, large: 2, xlarge: 4 };
  const several = /^(\d+)xlarge$/.exec(size);
  return several ? Number(several[1]) * 4 : fixed[size];
}
