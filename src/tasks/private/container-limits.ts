import { Ulimit, UlimitName } from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import { requireHealthCheck } from './container-health-check';
import { requireImageName } from './image-name';
import { requireOwnSecret } from './own-secret';
import { ResolvedContainer } from './resolved-container';
import { requirePaths } from './writable-paths';
import { validationError, requireInteger } from '../../core/private/errors';
import { ofImport } from '../../core/private/of-import';
import { requireSeconds } from '../../core/private/require-seconds';
import { requireResolved } from '../../core/private/resolved';
import { warnOfFields } from '../../core/private/secret-fields';
import { isUnknown } from '../../core/private/unknown';

/** The most open files of a Linux process, `fs.nr_open`, and of one on Fargate. */
const MOST_OPEN_FILES = 1_048_576;

/**
 * Rejects container settings that ECS would reject at the first deployment, or that would be lost.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
export function requireContainerLimits(scope: IConstruct, containers: ResolvedContainer[]): void {
  for (const container of containers) {
    const { prop, healthCheck, restartAttemptPeriod } = container;
    requireName(scope, prop, container.name);
    requireVariables(scope, prop, container);
    requireImageName(scope, `${prop}.image`, container.image);
    for (const [name, { arn }] of Object.entries(container.secrets)) requireOwnSecret(scope, `${prop}.secrets.${name}`, arn);
    warnOfFields(scope, container.secrets, (name) => `${prop}.secrets.${name}`);
    requireUser(scope, prop, container.user);
    requireWorkingDirectory(scope, prop, container.workingDirectory);
    requireUlimits(scope, prop, container.ulimits);
    requirePaths(scope, `${prop}.storage.writablePaths`, container.writablePaths);
    requireFileSystems(scope, `${prop}.storage.writablePaths`, container);
    if (healthCheck) requireHealthCheck(scope, `${prop}.healthCheck`, healthCheck);
    requireResolved(scope, `${prop}.lifecycle.restartAttemptPeriod`, restartAttemptPeriod);
    requireSeconds(scope, 'RestartPeriod', `${prop}.lifecycle.restartAttemptPeriod`, restartAttemptPeriod, 60, 1800);
  }
}

function requireName(scope: IConstruct, prop: string, name: string): void {
  if (isUnknown(name) || /^[A-Za-z0-9_-]{1,255}$/.test(name)) return;
  throw validationError(scope, 'BadContainerName', {
    prop: `${prop}.name`,
    must: 'be 1 to 255 letters, digits, hyphens and underscores',
    got: name,
    fix: 'name the container after its purpose, such as "worker"',
  });
}

function requireFileSystems(scope: IConstruct, prop: string, { writablePaths }: ResolvedContainer): void {
  writablePaths.forEach(({ _accessPoint: accessPoint }, i) => {
    if (!accessPoint) return;
    ofImport(scope, () => accessPoint.fileSystem, {
      prop: `${prop}[${i}]`,
      needs: 'its file system',
      got: accessPoint,
      fix: 'use `AccessPoint.fromAccessPointAttributes` with `accessPointId` and `fileSystem`',
    });
  });
}

function requireVariables(scope: IConstruct, prop: string, { environment, secrets }: ResolvedContainer): void {
  for (const [kind, names] of Object.entries({ environment: Object.keys(environment), secrets: Object.keys(secrets) })) {
    for (const name of names) {
      // Assigning to `__proto__` sets no entry, so the variable would get lost.
      if (isUnknown(name) || (/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name) && name !== '__proto__')) continue;
      throw validationError(scope, 'BadVariableName', {
        prop: `${prop}.${kind}`,
        must: 'have names of letters, digits, underscores, dots and hyphens, starting with a letter or underscore',
        got: name,
        fix: 'write it like "LOG_LEVEL"',
      });
    }
  }
  const twice = Object.keys(secrets).find((name) => Object.keys(environment).includes(name));
  if (twice === undefined) return;
  throw validationError(scope, 'VariableTaken', {
    prop: `${prop}.secrets`,
    must: 'have other names than `environment`, because ECS supports each name once',
    got: twice,
    fix: 'leave one of the two out',
  });
}

function requireUser(scope: IConstruct, prop: string, user?: string): void {
  if (user === undefined || isUnknown(user) || /^[A-Za-z0-9_][A-Za-z0-9_.-]*(?::[A-Za-z0-9_][A-Za-z0-9_.-]*)?$/.test(user)) {
    return;
  }
  throw validationError(scope, 'BadContainerUser', {
    prop: `${prop}.process.user`,
    must: 'be a user, or user:group, as names or numbers',
    got: user,
    fix: 'write it like "1000:1000"',
  });
}

function requireWorkingDirectory(scope: IConstruct, prop: string, directory?: string): void {
  if (directory === undefined || isUnknown(directory) || directory.startsWith('/')) return;
  throw validationError(scope, 'BadWorkingDirectory', {
    prop: `${prop}.process.workingDirectory`,
    must: 'be an absolute path',
    got: directory,
    fix: 'write it like "/srv/app"',
  });
}

function requireUlimits(scope: IConstruct, prop: string, ulimits: Ulimit[]): void {
  ulimits.forEach(({ name, softLimit, hardLimit }, i) => {
    const own = `${prop}.process.ulimits[${i}]`;
    const most = name === UlimitName.NOFILE ? MOST_OPEN_FILES : Number.MAX_SAFE_INTEGER;
    const least = name === UlimitName.NOFILE ? 1 : -1;
    requireResolved(scope, `${own}.softLimit`, softLimit);
    requireResolved(scope, `${own}.hardLimit`, hardLimit);
    requireInteger(scope, 'UlimitOutOfRange', `${own}.softLimit`, softLimit, least, most);
    requireInteger(scope, 'UlimitOutOfRange', `${own}.hardLimit`, hardLimit, least, most);
    if (hardLimit !== -1 && (softLimit === -1 || softLimit > hardLimit)) {
      throw validationError(scope, 'UlimitOutOfRange', {
        prop: `${own}.softLimit`,
        must: `be at most the hard limit of ${hardLimit}`,
        got: softLimit,
        fix: 'raise `hardLimit`, or lower `softLimit`',
      });
    }
    if (ulimits.findIndex((other) => other.name === name) === i) return;
    throw validationError(scope, 'UlimitOutOfRange', {
      prop: `${own}.name`,
      must: 'be in the list once',
      got: name,
      fix: 'leave one of the two out',
    });
  });
}
