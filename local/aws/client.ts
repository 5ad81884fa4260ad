import * as http from 'node:http';
import { signed } from './signature';

/** An answer that is an error in AWS's own format. */
export class AwsError extends Error {}

const TARGETS = { sqs: 'AmazonSQS', ssm: 'AmazonSSM' } as const;
const VERSION = { sqs: '1.0', ssm: '1.1' } as const;

/**
 * The few calls that a run and its proofs make themselves, in AWS's protocols. Small on purpose: the proofs must not depend on the SDK that
 * they test.
 */
export class AwsClient {
  constructor(
    private readonly endpoint: string,
    private readonly region: string,
  ) {}

  /** One action of SQS or Systems Manager, which speak JSON. */
  public async call<T>(service: keyof typeof TARGETS, action: string, input: object): Promise<T> {
    const headers = {
      'content-type': `application/x-amz-json-${VERSION[service]}`,
      'x-amz-target': `${TARGETS[service]}.${action}`,
    };
    const { status, body } = await this.sendSigned(service, 'POST', '/', headers, JSON.stringify(input));
    if (status !== 200) throw new AwsError(`${action}: ${status} ${body.slice(0, 200)}`);
    return (body === '' ? {} : JSON.parse(body)) as T;
  }

  /** One request to S3, by path: `/bucket/key?query`. */
  public async object(method: 'GET' | 'PUT', path: string, content = ''): Promise<string> {
    const { status, body } = await this.sendSigned('s3', method, path, {}, content);
    if (status !== 200) throw new AwsError(`${method} ${path}: ${status} ${body.slice(0, 200)}`);
    return body;
  }

  public async answers(): Promise<boolean> {
    try {
      return (await this.send('GET', '/_ministack/health', {})).status === 200;
    } catch {
      return false;
    }
  }

  private sendSigned(service: string, method: string, path: string, headers: Record<string, string>, content: string) {
    const url = new URL(path, this.endpoint);
    return this.send(method, path, signed({ method, url, headers, content, service, region: this.region }), content);
  }

  private send(
    method: string,
    path: string,
    headers: Record<string, string>,
    content?: string,
  ): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const request = http.request(new URL(path, this.endpoint), { method, headers, agent: false, timeout: 10_000 }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }));
      });
      request.once('timeout', () => request.destroy(new Error(`no answer from ${this.endpoint}`)));
      request.once('error', reject);
      request.end(content);
    });
  }
}
