import * as net from 'node:net';
import { BoundListener } from './load-balancer';
import { LoadBalancerPlan } from './plan';
import { TargetGroup } from './target-group';
import { isMachine } from '../net/addresses';

/** A network load balancer: TCP connections passed through to healthy targets, on loopback. */
export class NetworkLoadBalancer {
  /** Whether somebody from outside of the network may connect to a port of the template, where the engine enforces security groups. */
  public admitsVisitor?: (port: number) => boolean;
  private readonly servers: net.Server[] = [];
  private readonly sockets = new Set<net.Socket>();

  constructor(
    public plan: LoadBalancerPlan,
    public readonly listeners: readonly BoundListener[],
    private readonly groups: ReadonlyMap<string, TargetGroup>,
  ) {}

  public async start(): Promise<void> {
    for (const listener of this.listeners) {
      const server = net.createServer({ allowHalfOpen: true }, (socket) => this.pass(listener, socket));
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(listener.port, listener.address, resolve);
      });
      this.servers.push(server);
    }
  }

  public stop(): void {
    for (const server of this.servers) server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private pass(listener: BoundListener, client: net.Socket): void {
    if (!isMachine(client.remoteAddress) && this.admitsVisitor?.(listener.plan.port) === false) {
      return void this.sockets.add(client);
    }
    // A TCP listener has no rules, just its default action.
    const [{ action }] = listener.plan.rules;
    const group = action.kind === 'forward' ? this.groups.get(action.targets[0].arn) : undefined;
    const target = group?.pick();
    if (!group || !target) return void client.resetAndDestroy();
    const upstream = net.connect({ host: target.address, port: target.port, localAddress: listener.address, allowHalfOpen: true });
    target.inFlight++;
    upstream.once('close', () => target.inFlight--);
    this.join(client, upstream);
    this.join(upstream, client);
    // Who holds a connection to a target that is lost learns of it, unless no target is well.
    const leave = () => {
      if (target.state === 'unhealthy' && group.isHealthy && !group.plan.keepsConnections) client.resetAndDestroy();
    };
    group.on('change', leave);
    client.once('close', () => group.off('change', leave));
  }

  private join(from: net.Socket, to: net.Socket): void {
    this.sockets.add(from);
    from.setNoDelay(true);
    from.pipe(to);
    // One side's failure is the other's: a client must learn at once that its server is gone.
    from.on('error', () => to.resetAndDestroy());
    from.once('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
  }
}
