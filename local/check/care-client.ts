import { Answer, ask } from './http-client';
import { expect, until, Visitor } from './visitor';

export interface Upload {
  readonly id: string;
  readonly state: 'pending' | 'ready' | 'missing';
  readonly size: number | null;
  readonly sha256: string | null;
  readonly signed_url?: string;
  readonly read_signed_url?: string;
}

/** The pages of the care example in a browser: its API on the public name, and links to the bucket. */
export class CareClient {
  private token?: string;

  constructor(private readonly visitor: Visitor) {}

  public async login(username: string, password: string): Promise<void> {
    const answer = await this.post('/api/v1/auth/login/', { username, password });
    expect(answer.status === 200, `the login answered ${answer.status}: ${answer.body.slice(0, 200)}`);
    this.token = (JSON.parse(answer.body) as { access: string }).access;
  }

  public get(path: string): Promise<Answer> {
    return this.request('GET', path);
  }

  public post(path: string, body: object = {}): Promise<Answer> {
    return this.request('POST', path, JSON.stringify(body));
  }

  /** Asks for a link, and puts the content into the bucket with it. */
  public async upload(name: string, content: string): Promise<Upload> {
    const answer = await this.post('/api/v1/files/', { name, mime_type: 'text/plain' });
    expect(answer.status === 201, `POST answered ${answer.status}: ${answer.body.slice(0, 200)}`);
    const upload = JSON.parse(answer.body) as Upload;
    const put = await ask({ url: upload.signed_url!, method: 'PUT', body: content, headers: { 'content-type': 'text/plain' } });
    expect(put.status === 200, `the bucket answered ${put.status}: ${put.body.slice(0, 200)}`);
    return upload;
  }

  public async complete({ id }: Upload): Promise<void> {
    const { status } = await this.post(`/api/v1/files/${id}/mark_upload_completed/`);
    expect(status === 202, `mark_upload_completed answered ${status}`);
  }

  public async read({ id }: Pick<Upload, 'id'>): Promise<Upload> {
    const answer = await this.get(`/api/v1/files/${id}/`);
    expect(answer.status === 200, `GET answered ${answer.status}`);
    return JSON.parse(answer.body) as Upload;
  }

  /** Until the worker has looked at it. */
  public async ready(upload: Upload, timeoutMs = 30_000): Promise<Upload> {
    let seen = upload;
    await until(`the worker has seen ${upload.id}`, timeoutMs, async () => (seen = await this.read(upload)).state === 'ready');
    return seen;
  }

  private request(method: string, path: string, body?: string): Promise<Answer> {
    const { external, run } = this.visitor;
    const listener = external.listeners.find(({ plan }) => plan.https) ?? external.listeners[0];
    return ask({
      ...{ method, body, address: listener.address, port: listener.port, ca: run.certificate?.cert },
      url: `${listener.plan.https ? 'https' : 'http'}://${this.visitor.nameOf(external)}${path}`,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
      },
    });
  }
}
