import { App } from 'aws-cdk-lib';

/** One of many apps whose templates alone are read: without the file of the tree, the metadata of CDK, and copies of what is staged. */
export function smallApp(context: Record<string, unknown> = {}): App {
  return new App({
    analyticsReporting: false,
    treeMetadata: false,
    context: { 'aws:cdk:disable-asset-staging': true, ...context },
  });
}
