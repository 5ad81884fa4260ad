import * as http from 'node:http';
import * as https from 'node:https';
import * as net from 'node:net';
import { Readable } from 'node:stream';
import { ProxyServer } from 'http-proxy-3';
import { Certificate } from './certificate';
import { LiveRules } from './live-rules';
import { Action, ListenerPlan, LoadBalancerPlan, RulePlan } from './plan';
import { forwardHeaders } from './request-headers';
import { redirectLocation, RequestFacts, rewritten, selectRule, WeightedChoice } from './rules';
import { Target, TargetGroup } from './target-group';
import { isMachine } from '../net/addresses';

export interface BoundListener {
  /** As the template has it now: a deployment may change the rules. */
  plan: ListenerPlan;
  readonly address: string;
  readonly port: number;
}

/** An application load balancer: the template's listeners, rules, target groups and headers, on loopback. */
export class LoadBalancer {
  /** The name that stands for this load balancer where a visitor can only use its address: no public DNS knows the template's records. */
  public publicName?: string;
  /** Whether somebody from outside of the network may connect to a port of the template, where the engine enforces security groups. */
  public admitsVisitor?: (port: number) => boolean;
  private readonly servers: http.Server[] = [];
  private readonly weights = new WeightedChoice();
  private readonly proxy: ProxyServer;
  private readonly startedAt = new WeakMap<http.IncomingMessage, number>();
  private readonly cameInBy = new WeakMap<http.IncomingMessage, ListenerPlan>();

  constructor(
    public plan: LoadBalancerPlan,
    public readonly listeners: readonly BoundListener[],
    private readonly groups: ReadonlyMap<string, TargetGroup>,
    private readonly certificate: () => Promise<Certificate>,
    private readonly live = new LiveRules(),
  ) {
    this.proxy = new ProxyServer({ proxyTimeout: plan.idleTimeoutMs });
    // What a target does with its connection is no matter of the visitor's, which stays.
    this.proxy.on('proxyRes', (answer, request, response) => {
      delete answer.headers.connection;
      response.removeHeader('server'); // the load balancer does not sign what a target answers
      const { serverHeader, responseHeaders } = this.cameInBy.get(request)!;
      if (!serverHeader) delete answer.headers.server;
      Object.assign(answer.headers, responseHeaders);
    });
    this.proxy.on('error', (_error, request, response) => {
      if (!(response instanceof http.ServerResponse)) return void response.destroy();
      // ALB's answers when a target refuses or resets the connection, and when it is silent for the idle timeout.
      const late = Date.now() - (this.startedAt.get(request) ?? 0) >= plan.idleTimeoutMs;
      if (response.headersSent) response.destroy();
      else plain(response, late ? 504 : 502, late ? 'Gateway Time-out' : 'Bad Gateway');
    });
  }

  public async start(): Promise<void> {
    for (const listener of this.listeners) {
      const handle: http.RequestListener = (request, response) => void this.receive(listener, request, response);
      const server = listener.plan.https ? https.createServer(await this.tls(), handle) : http.createServer(handle);
      server.on('upgrade', (request: http.IncomingMessage, socket: net.Socket, head: Buffer) =>
        this.upgrade(listener, request, socket, head),
      );
      server.keepAliveTimeout = this.plan.idleTimeoutMs;
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(listener.port, listener.address, resolve);
      });
      this.servers.push(server);
    }
  }

  public stop(): void {
    for (const server of this.servers) {
      server.close();
      server.closeAllConnections();
    }
  }

  private async tls(): Promise<https.ServerOptions> {
    const { key, cert } = await this.certificate();
    return { key, cert };
  }

  /** The web ACL sees a request before the rules of the listener do. */
  private async receive(listener: BoundListener, request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { plan } = listener;
    if (!this.admits(request.socket, listener)) return;
    this.cameInBy.set(request, plan);
    // For the load balancer's own answers; to those of targets they are added when these come.
    for (const [name, value] of Object.entries(plan.responseHeaders)) response.setHeader(name, value);
    if (plan.serverHeader) response.setHeader('server', 'awselb/2.0');
    try {
      const inspected = await this.plan.firewall?.inspect(request);
      if (!inspected?.refused) return this.serve(listener, request, response, inspected?.body);
      response.setHeader('connection', 'close'); // what is left of the body is not read
      plain(response, 403, 'Forbidden');
    } catch {
      response.destroy(); // the visitor left in the middle of the body
    }
  }

  private serve(listener: BoundListener, request: http.IncomingMessage, response: http.ServerResponse, body?: Buffer): void {
    const facts = factsOf(request);
    const rule = this.select(listener, facts);
    const action = this.live.actionOf(rule);
    if (action.kind === 'fixed') {
      response.writeHead(action.status, { 'content-type': action.contentType }).end(action.body);
      return;
    }
    if (action.kind === 'redirect') {
      response.writeHead(action.status, { location: this.locationOf(action, listener, facts) }).end();
      return;
    }
    const target = this.targetOf(action);
    if (!target) return plain(response, 503, 'Service Temporarily Unavailable');
    target.inFlight++;
    response.once('close', () => target.inFlight--);
    this.startedAt.set(request, Date.now());
    this.prepare(request, listener, rule);
    const buffer = body && Readable.from([body]);
    this.proxy.web(request, response, { ...this.way(target, listener), buffer });
  }

  private upgrade(listener: BoundListener, request: http.IncomingMessage, socket: net.Socket, head: Buffer): void {
    if (!this.admits(socket, listener)) return;
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') return this.asRequest(listener, request, socket);
    if (this.plan.firewall?.refusesHead(request)) return void socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
    const rule = this.select(listener, factsOf(request));
    const action = this.live.actionOf(rule);
    const target = action.kind === 'forward' ? this.targetOf(action) : undefined;
    if (!target) return this.asRequest(listener, request, socket);
    target.inFlight++;
    socket.once('close', () => target.inFlight--);
    this.prepare(request, listener, rule);
    this.proxy.ws(request, socket, head, this.way(target, listener));
  }

  /** ALB upgrades to WebSockets alone, and only where a target takes them; what asks for more is a request as others are. */
  private asRequest(listener: BoundListener, request: http.IncomingMessage, socket: net.Socket): void {
    const { headers } = request;
    // A body was not read as one.
    if (Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined) return void socket.destroy();
    for (const name of ['upgrade', 'connection', 'http2-settings']) delete headers[name];
    const response = new http.ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.once('finish', () => socket.end());
    void this.receive(listener, request, response);
  }

  /** Whom a security group keeps out gets no answer, not even a refusal. */
  private admits({ remoteAddress }: net.Socket, { plan }: BoundListener): boolean {
    return isMachine(remoteAddress) || (this.admitsVisitor?.(plan.port) ?? true);
  }

  /** From the load balancer's own address, by which a security group knows it. */
  private way({ address: host, port, https: tls }: Target, { address: localAddress }: BoundListener) {
    // Nobody verifies the certificate of a target.
    return { target: { host, port, protocol: tls ? 'https:' : 'http:' }, secure: false, localAddress };
  }

  /** What a target sees of a request is not what the rules saw. */
  private prepare(request: http.IncomingMessage, listener: BoundListener, { rewrites }: RulePlan): void {
    if (rewrites?.url) request.url = rewritten(request.url ?? '/', rewrites.url);
    if (rewrites?.host && request.headers.host !== undefined) {
      request.headers.host = rewritten(request.headers.host, rewrites.host);
    }
    forwardHeaders(request, listener, this.plan.headers);
  }

  private select(listener: BoundListener, facts: RequestFacts): RulePlan {
    const byAddress = facts.host === listener.address || facts.host === 'localhost';
    const seen = byAddress && this.publicName !== undefined ? { ...facts, host: this.publicName } : facts;
    return selectRule(listener.plan.rules, seen);
  }

  private targetOf(action: Extract<Action, { kind: 'forward' }>): Target | undefined {
    const chosen = this.weights.pick(action.targets);
    return chosen && this.groups.get(chosen.arn)?.pick();
  }

  private locationOf(action: Extract<Action, { kind: 'redirect' }>, listener: BoundListener, facts: RequestFacts): string {
    const local = (port: number) => this.listeners.find(({ plan }) => plan.port === port)?.port ?? port;
    const protocol = listener.plan.https ? 'https' : 'http';
    return redirectLocation(action, { ...facts, protocol, port: listener.plan.port }, local);
  }
}

function factsOf(request: http.IncomingMessage): RequestFacts {
  const [path, query = ''] = (request.url ?? '/').split(/\?(.*)/s);
  const host = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  return { method: request.method ?? 'GET', host, path, query, headers: request.headers };
}

function plain(response: http.ServerResponse, status: number, reason: string): void {
  const body = `<html><head><title>${status} ${reason}</title></head><body><center><h1>${status} ${reason}</h1></center></body></html>\n`;
  response.writeHead(status, { 'content-type': 'text/html' }).end(body);
}
