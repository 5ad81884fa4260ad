import { EventPattern, Match } from 'aws-cdk-lib/aws-events';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';

/** Returns the ARN of a secret for a policy: a name without its six random characters matches no ARN; question marks stand for exactly those. */
export function arnInPolicies({ secretFullArn, secretArn }: ISecret): string {
  return secretFullArn ?? `${secretArn}-??????`;
}

/**
 * Returns the part of an event pattern that matches the events of one secret. Of a secret that is known by its name or partial ARN, the start
 * of the ARN is that of others too, and the name in the event is its own.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/event-detail-secret-label-updated-secretsmanager.html
 */
export function eventsOf(secret: ISecret): Pick<EventPattern, 'resources' | 'detail'> {
  if (secret.secretFullArn !== undefined) return { resources: [secret.secretFullArn] };
  return { resources: Match.prefix(`${secret.secretArn}-`), detail: { name: [nameOf(secret)] } };
}

/** Returns the name in a partial ARN. CDK takes a last word of six letters in it for random characters. */
function nameOf({ secretArn, secretName }: ISecret): string {
  return secretArn.split(':').slice(6).join(':') || secretName;
}
