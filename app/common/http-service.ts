import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { CommonHeaders } from './common-headers';
import { Exchange, HttpError, Reply, Route } from './http';
import { Log } from './log';
import { Metrics } from './metrics';
import { Router } from './router';
import { readTarget } from './target';

/** Bounds for slow and idle clients. An ALB keeps idle connections for 60 s, a Service Connect proxy for 300 s: closing first would be a 502 now and then. */
export interface Timeouts {
  readonly headersMs: number;
  readonly requestMs: number;
  readonly keepAliveMs: number;
  /** How often the first two are checked. */
  readonly checkMs: number;
}

const TIMEOUTS: Timeouts = { headersMs: 10_000, requestMs: 15_000, keepAliveMs: 310_000, checkMs: 2_000 };
const MAX_HEADER_BYTES = 16 * 1024;
const METRIC_PATH = '/metrics';

export interface HttpServiceProps {
  readonly routes: Route[];
  readonly taskId: string;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Headers of every answer; an answer's own headers win. */
  readonly headers: Record<string, string>;
  /** Turns an error into an answer in the service's own style. */
  readonly renderError: (error: HttpError, request: IncomingMessage) => Reply;
  readonly timeouts?: Partial<Timeouts>;
}

/** A node:http server with routes, limits and metrics: what both services have in common. */
export class HttpService {
  readonly server: Server;
  private draining = false;
  private readonly router: Router;
  private readonly headers: CommonHeaders;
  private readonly observe: (seconds: number, route: string, status: string) => void;

  constructor(private readonly props: HttpServiceProps) {
    const { metrics } = props;
    this.headers = new CommonHeaders({ ...props.headers, 'x-task-id': props.taskId });
    this.router = new Router([
      ...props.routes,
      {
        method: 'GET',
        path: METRIC_PATH,
        handle: () => ({
          status: 200,
          headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
          body: metrics.text(),
        }),
      },
    ]);
    this.observe = metrics.histogram('http_request_duration_seconds', 'Time from request to last byte handed to the kernel.', [
      'route',
      'status',
    ]);
    metrics.gauge('process_resident_memory_bytes', 'Resident memory.', () => process.memoryUsage.rss());
    const timeouts = { ...TIMEOUTS, ...props.timeouts };
    this.server = createServer(
      {
        headersTimeout: timeouts.headersMs,
        requestTimeout: timeouts.requestMs,
        keepAliveTimeout: timeouts.keepAliveMs,
        connectionsCheckingInterval: timeouts.checkMs,
        maxHeaderSize: MAX_HEADER_BYTES,
        requireHostHeader: false, // asked for in serve(), so that the refusal has our headers
      },
      (request, response) => void this.serve(request, response),
    );
    // Node's own answer to an unknown `Expect` has none of our headers.
    this.server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
      const error = new HttpError(417, 'EXPECTATION_FAILED', 'The only expectation that can be met is 100-continue.');
      this.send(request, response, this.props.renderError(error, request));
    });
  }

  get isDraining(): boolean {
    return this.draining;
  }

  /** From now on every answer asks its client to leave, and readiness says 503. */
  startDraining(): void {
    this.draining = true;
  }

  async listen(port: number, host: string): Promise<AddressInfo> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, () => resolve());
    });
    return this.server.address() as AddressInfo;
  }

  /** Stops at once where nothing is in flight; resolves when the last answer is out. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    await closed;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now();
    let route = 'none';
    let reply: Reply;
    try {
      if (request.httpVersion === '1.1' && request.headers.host === undefined) {
        throw new HttpError(400, 'BAD_REQUEST', 'HTTP/1.1 asks for a Host header.');
      }
      const url = readTarget(request.url ?? '/');
      const match = this.router.match(request.method ?? 'GET', url.pathname);
      route = match.route.path;
      const exchange: Exchange = { request, url, params: match.params };
      reply = await match.route.handle(exchange);
    } catch (error) {
      reply = this.props.renderError(this.visible(error, route), request);
    }
    this.send(request, response, reply);
    this.observe((performance.now() - started) / 1000, route, String(reply.status));
  }

  /** A failure that nobody foresaw is logged in full and shown in one word. */
  private visible(error: unknown, route: string): HttpError {
    if (error instanceof HttpError) return error;
    if (error instanceof TypeError && route === 'none') {
      return new HttpError(400, 'BAD_REQUEST', 'The request target is not a URL.');
    }
    this.props.log.error('request failed', {
      route,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
    return new HttpError(500, 'INTERNAL', 'Something went wrong here; it has been logged.');
  }

  private send(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
    if (response.destroyed) return;
    // A body that was not read to its end would be taken for the next request on the same connection.
    const hasBody = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
    const leave = this.draining || (hasBody && !request.complete);
    const headers = this.headers.with(leave ? { ...reply.headers, connection: 'close' } : reply.headers);
    headers.push('content-length', String(Buffer.byteLength(reply.body)));
    response.writeHead(reply.status, headers);
    response.end(request.method === 'HEAD' ? undefined : reply.body);
  }
}
