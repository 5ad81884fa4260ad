import * as http from 'node:http';
import { AddressInfo } from 'node:net';

const LATENCY_MS = 40;

/**
 * A stand-in for the metered geolocation API: answers `/v3/ipgeo` in its format, refuses a wrong key with 401, and counts, so that a
 * proof can tell an answer from Redis from one that was paid for again.
 */
export class UpstreamStub {
  public readonly asked: string[] = [];
  public refused = 0;
  public key = '';
  private readonly server = http.createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://stub');
    const ip = url.searchParams.get('ip') ?? '';
    const answer = (status: number, body: object) =>
      // As slow as a real one, so that a task that is killed always has requests under way.
      setTimeout(() => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)), LATENCY_MS);
    if (url.pathname !== '/v3/ipgeo') return answer(404, { message: 'not found' });
    if (url.searchParams.get('apiKey') !== this.key) {
      this.refused++;
      return answer(401, { message: 'Provided API key is not valid.' });
    }
    this.asked.push(ip);
    return answer(200, {
      ip,
      location: {
        country_code2: 'CH',
        country_name: 'Switzerland',
        state_prov: 'Bern',
        city: 'Stubville',
        latitude: '46.94809',
        longitude: '7.44744',
      },
      time_zone: { name: 'Europe/Zurich' },
      asn: { as_number: 'AS64500', organization: 'Stub' },
    });
  });

  public async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public count(ip: string): number {
    return this.asked.filter((asked) => asked === ip).length;
  }

  public stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
