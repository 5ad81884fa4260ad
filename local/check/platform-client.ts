import { Answer, ask } from './http-client';
import { expect, until, Visitor } from './visitor';

export interface Item {
  readonly id: string;
  readonly state: 'queued' | 'done';
  readonly words: number | null;
  readonly worker: string | null;
}

/** A program that uses the API of the platform example, from the internet. */
export class PlatformClient {
  constructor(private readonly visitor: Visitor) {}

  public async add(text: string): Promise<Item> {
    const answer = await this.post('/items', { text });
    expect(answer.status === 202, `POST /items answered ${answer.status}: ${answer.body.slice(0, 200)}`);
    return JSON.parse(answer.body) as Item;
  }

  public post(path: string, body: object): Promise<Answer> {
    return this.request('POST', path, JSON.stringify(body));
  }

  public get(path: string): Promise<Answer> {
    return this.request('GET', path);
  }

  /** Until a worker has done it. */
  public async done(id: string, timeoutMs = 20_000): Promise<Item> {
    let item: Item | undefined;
    await until(`item ${id} is done`, timeoutMs, async () => {
      const answer = await this.get(`/items/${id}`);
      expect(answer.status === 200, `GET /items/${id} answered ${answer.status}`);
      item = JSON.parse(answer.body) as Item;
      return item.state === 'done';
    });
    return item!;
  }

  private request(method: string, path: string, body?: string): Promise<Answer> {
    const { external, run } = this.visitor;
    const listener = external.listeners.find(({ plan }) => plan.https) ?? external.listeners[0];
    return ask({
      ...{ method, body, address: listener.address, port: listener.port, ca: run.certificate?.cert },
      url: `${listener.plan.https ? 'https' : 'http'}://${this.visitor.nameOf(external)}${path}`,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
    });
  }
}
