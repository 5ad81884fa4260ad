import * as path from 'node:path';
import { CREDENTIALS } from './signature';
import { installed } from '../python/environment';

/** A server that speaks the APIs of Amazon S3, Amazon SQS and Parameter Store. */
export interface AwsEngine {
  readonly description: string;
  readonly command: readonly string[];
}

/** What the server is told to be: nothing else of it starts, and it asks nobody on the network. */
const SERVICES = 's3,sqs,ssm';

/**
 * ministack (MIT), from PyPI, in a virtual environment of the cache: one process of about 60 MB that answers half a second after its start.
 * docs/decisions has the reasons for it.
 */
export function findAws(localDirectory: string, cacheDirectory: string, say: (line: string) => void): AwsEngine {
  const bin = installed({ requirements: path.join(localDirectory, 'aws', 'requirements.txt'), hashes: true }, cacheDirectory, say);
  return { description: 'ministack from PyPI, in .cache', command: [path.join(bin, 'python'), '-m', 'ministack'] };
}

/** The environment of the server, which is its configuration. */
export function engineEnvironment(place: {
  readonly address: string;
  readonly port: number;
  readonly account: string;
  readonly region: string;
  /** Where it may write; objects and messages are in memory. */
  readonly directory: string;
}): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    LANG: 'C.UTF-8',
    HOME: place.directory,
    TMPDIR: place.directory,
    BIND_HOST: place.address,
    GATEWAY_PORT: String(place.port),
    MINISTACK_HOST: place.address,
    MINISTACK_ACCOUNT_ID: place.account,
    MINISTACK_REGION: place.region,
    SERVICES,
    // Signatures of requests and of links are verified, and CORS rules obeyed. The account itself calls: nothing is denied.
    AUTH: 'true',
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
  };
}
