/* eslint-disable import/no-unresolved -- the runtime of Lambda has them */
import { setTimeout } from 'node:timers/promises';
import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { ECS } from '@aws-sdk/client-ecs';
/* eslint-enable import/no-unresolved */
import { handle, JobEvent } from './handler';

const ecs = new ECS();
const cloudFormation = new CloudFormation();

/** Called by the wrapper that CDK puts around it, which answers CloudFormation. */
export const handler = (event: JobEvent) =>
  handle(event, {
    ecs,
    cloudFormation,
    now: Date.now,
    sleep: (milliseconds) => setTimeout(milliseconds),
    // eslint-disable-next-line no-console
    log: (text) => console.log(text),
  });
