import { randomBytes } from 'node:crypto';
import { IncomingMessage } from 'node:http';

/**
 * What a load balancer does to the headers of a request on its way to a target, by its attributes.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html
 */
export interface HeaderPlan {
  /** Leaves out headers whose names have other characters than letters, digits and hyphens. */
  readonly dropInvalid: boolean;
  readonly preserveHost: boolean;
  readonly forwardedFor: 'append' | 'preserve' | 'remove';
  /** Writes the port of the client behind its address. */
  readonly clientPort: boolean;
}

export const DEFAULT_HEADERS: HeaderPlan = {
  dropInvalid: false,
  preserveHost: false,
  forwardedFor: 'append',
  clientPort: false,
};

/** A listener of the template, and the port that it has here. */
interface Entrance {
  readonly plan: { readonly port: number; readonly https: boolean };
  readonly port: number;
}

const VALID = /^[-A-Za-z0-9]+$/;
const DEFAULT_PORTS = [80, 443];

export function readHeaders(attribute: (key: string) => string | undefined): HeaderPlan {
  const enabled = (key: string) => attribute(`routing.http.${key}.enabled`) === 'true';
  return {
    dropInvalid: enabled('drop_invalid_header_fields'),
    preserveHost: enabled('preserve_host_header'),
    forwardedFor: (attribute('routing.http.xff_header_processing.mode') ?? 'append') as HeaderPlan['forwardedFor'],
    clientPort: enabled('xff_client_port'),
  };
}

/** The headers that a target gets: those of the client, and what ALB adds to them and sets, whatever the client sent. */
export function forwardHeaders(request: IncomingMessage, listener: Entrance, plan = DEFAULT_HEADERS): void {
  const { headers } = request;
  if (plan.dropInvalid) for (const name of Object.keys(headers)) if (!VALID.test(name)) delete headers[name];
  if (!plan.preserveHost && headers.host !== undefined) headers.host = hostOf(headers.host, listener);
  addForwardedFor(request, plan);
  headers['x-forwarded-proto'] = listener.plan.https ? 'https' : 'http';
  headers['x-forwarded-port'] = String(listener.plan.port);
  headers['x-amzn-trace-id'] ??= `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${randomBytes(12).toString('hex')}`;
}

function addForwardedFor({ headers, socket }: IncomingMessage, { forwardedFor, clientPort }: HeaderPlan): void {
  if (forwardedFor === 'preserve') return;
  const before = headers['x-forwarded-for'];
  delete headers['x-forwarded-for'];
  if (forwardedFor === 'remove') return;
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const client = clientPort ? `${address}:${socket.remotePort}` : address;
  headers['x-forwarded-for'] = before === undefined ? client : `${String(before)}, ${client}`;
}

/** ALB writes the port of a listener into Host, and takes it away where it is 80 or 443. A port that had to move here stays as it is. */
function hostOf(host: string, { plan, port }: Entrance): string {
  const [, name, given] = /^(.*?)(?::(\d+))?$/.exec(host)!;
  if (port !== plan.port && given === String(port)) return host;
  if (DEFAULT_PORTS.includes(plan.port)) return name;
  return given === undefined ? `${name}:${plan.port}` : host;
}
