import * as path from 'node:path';
import { anotherVersion, failing, release } from './another-version';
import { CareClient } from './care-client';
import { deploy, DeploymentCase, expectFailure, expectNone, expectRelease, load, servicesOf } from './deployment-proofs';
import { Proof } from './proof';
import { expect } from './visitor';

const CARE: DeploymentCase = {
  containers: ['care', 'worker'],
  ask: async (visitor) => {
    const { status } = await new CareClient(visitor).get('/.well-known/jwks.json');
    expect(status === 200, `the keys answered ${status}`);
  },
};

/** The web service alone: the worker has one task, which goes before the next one comes. */
const WEB: DeploymentCase = { ...CARE, containers: ['care'] };

/** The services wait for the job in the template, and so none of their new versions starts. */
const FAILED_MIGRATION: Proof = {
  name: 'a DeploymentJob that fails stops the deployment: no new task starts, the former ones answer, and no request fails',
  prove: async (visitor) => {
    const { run } = visitor;
    // One that failed while everything started may still be there, and goes.
    const before = servicesOf(visitor, CARE).flatMap(({ running }) => running);
    const changes = [failing('migrate'), ...CARE.containers.map((container) => release(container, 2))];
    const next = anotherVersion(run.assembly.directory, path.join(run.directory, 'next'), changes);
    const result = await load(visitor, CARE, () => expectFailure(run.deploy(next), /the job migrate failed: migrate ended with 3/));
    expectNone(result);
    const after = servicesOf(visitor, CARE).flatMap(({ running }) => running);
    expect(after.length === before.length && after.every((task) => before.includes(task)), 'tasks were exchanged');
    return `${result.asked} requests, 0 failures; the job ended with 3`;
  },
};

const MIGRATION: Proof = {
  name: 'a DeploymentJob runs again in a new version, before any of its tasks starts, and no request fails',
  prove: async (visitor) => {
    const { run } = visitor;
    const ran = run.jobs!.runs.length;
    const result = await load(visitor, WEB, () =>
      deploy(visitor, { containers: ['migrate', ...WEB.containers] }, (container) => release(container, 3)),
    );
    expectNone(result);
    expectRelease(visitor, WEB, 3);
    const [again, ...others] = run.jobs!.runs.slice(ran);
    expect(again?.plan.label === 'migrate' && others.length === 0, `${run.jobs!.runs.length - ran} jobs ran`);
    const early = servicesOf(visitor, WEB).flatMap(({ tasks }) => tasks.filter(({ createdAt }) => createdAt < again.endedAt));
    expect(early.length === 0, `${early.map(({ label }) => label).join()} did not wait for the job`);
    return `${result.asked} requests, 0 failures; migrate ended with ${again.exitCode}, then the services`;
  },
};

export const CARE_ROLLOUT_PROOFS: readonly Proof[] = [FAILED_MIGRATION, MIGRATION];
