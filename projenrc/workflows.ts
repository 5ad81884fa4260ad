import { awscdk, JsonPatch } from 'projen';
import { JobPermission } from 'projen/lib/github/workflows-model';

/** What the generated workflows lack. */
export function configureWorkflows(project: awscdk.AwsCdkConstructLibrary): void {
  const github = project.github!;
  // The default of the publisher; a registry host has no business in a repository.
  github.tryFindWorkflow('release')!.file!.patch(JsonPatch.remove('/jobs/release_npm/steps/9/env/NPM_REGISTRY'));

  // `build` compiles, tests and packages; this runs what needs other languages, the newest CDK and the demo.
  const everything = github.addWorkflow('test');
  everything.on({ pullRequest: {}, push: { branches: ['main'] }, workflowDispatch: {} });
  everything.addJob('everything', {
    runsOn: ['ubuntu-latest'],
    permissions: { contents: JobPermission.READ },
    timeoutMinutes: 60,
    steps: [
      { name: 'Checkout', uses: 'actions/checkout@v6' },
      { name: 'Setup Node.js', uses: 'actions/setup-node@v6', with: { 'node-version': '22.x' } },
      { name: 'Setup Java', uses: 'actions/setup-java@v5', with: { distribution: 'temurin', 'java-version': '17' } },
      { name: 'Setup Go', uses: 'actions/setup-go@v6', with: { 'go-version': 'stable', cache: false } },
      { name: 'Everything that needs no account', run: '.ci/run' },
    ],
  });
}
