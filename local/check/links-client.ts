import { Answer, ask } from './http-client';
import { expect, Visitor } from './visitor';
import { ServiceScheduler } from '../ecs/scheduler';

export interface MadeLink {
  readonly code: string;
  readonly url: string;
  readonly shortUrl: string;
}

/** A program that uses the API of the flask-nginx example, from the internet. */
export class LinksClient {
  constructor(private readonly visitor: Visitor) {}

  public get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.request('GET', path, undefined, headers);
  }

  public delete(path: string): Promise<Answer> {
    return this.request('DELETE', path);
  }

  public post(body: object): Promise<Answer> {
    return this.request('POST', '/api/links', JSON.stringify(body));
  }

  public async make(url: string, code?: string): Promise<MadeLink> {
    const answer = await this.post({ url, code });
    expect(answer.status === 201, `POST answered ${answer.status}: ${answer.body.slice(0, 200)}`);
    return JSON.parse(answer.body) as MadeLink;
  }

  /** Read a link; returns HIT, MISS or BYPASS. */
  public async read(code: string): Promise<string> {
    const answer = await this.get(`/api/links/${code}`);
    expect(answer.status === 200, `GET answered ${answer.status}: ${answer.body.slice(0, 200)}`);
    return String(answer.headers['x-cache']);
  }

  private request(method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<Answer> {
    const { external } = this.visitor;
    const listener = external.listeners.find(({ plan }) => plan.https) ?? external.listeners[0];
    return ask({
      ...{ method, body, address: listener.address, port: listener.port, ca: this.visitor.run.certificate?.cert },
      url: `${listener.plan.https ? 'https' : 'http'}://${this.visitor.nameOf(external)}${path}`,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    });
  }
}

/** The service whose tasks have a container of this name. */
export function serviceOf(visitor: Visitor, container: string): ServiceScheduler {
  const found = visitor.run.services.find(({ plan }) => plan.task.containers.some(({ name }) => name === container));
  if (!found) throw new Error(`the template has no container ${container}`);
  return found;
}
