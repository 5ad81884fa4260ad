import { App, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  DualAlbGateway,
  ExternalSide,
  GatewaySide,
  IGatewaySide,
  InternalSide,
  MeshService,
  MeshServiceProps,
  ServiceConnectMesh,
  ServicePort,
  SharedMeshOptions,
  SharedPortOptions,
  SideCertificate,
  TopologyDiagram,
} from 'cdk-ecs-mesh';
import { newStack, WEB } from '../helpers';

const MESH = '/platform/mesh';
const PUBLIC = '/platform/public';
const INSIDE = '/platform/inside';
const USERS = '/users/http';

/** The platform's app: network, cluster, namespace and both sides of a gateway. */
export function platform(): Stack {
  const stack = newStack('Platform');
  const mesh = new ServiceConnectMesh(stack, 'Mesh', { namespaceName: 'platform', privateDomain: 'corp.local' });
  const certificate = Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-west-1:111111111111:certificate/0');
  const gateway = new DualAlbGateway(stack, 'Gateway', {
    network: mesh,
    external: ExternalSide.https({ certificate: SideCertificate.given(certificate) }),
    internal: InternalSide.http(),
  });
  mesh.share(MESH);
  gateway.external.share(PUBLIC);
  gateway.internal.share(INSIDE);
  return stack;
}

/** An app of a team in the platform. */
export class TeamApp {
  public readonly stack: Stack;
  public readonly mesh: ServiceConnectMesh;

  constructor(name: string, options: SharedMeshOptions = {}) {
    this.stack = newStack(name);
    this.mesh = ServiceConnectMesh.fromParameters(this.stack, 'Mesh', MESH, options);
  }

  public service(id: string, props: Partial<MeshServiceProps> = {}): MeshService {
    return new MeshService(this.stack, id, { mesh: this.mesh, containers: [WEB], ...props });
  }

  /** The one service of most teams. */
  public api(): MeshService {
    return this.service('Api');
  }

  public get external(): IGatewaySide {
    return GatewaySide.fromParameters(this.stack, 'Public', PUBLIC, { network: this.mesh, internetFacing: true });
  }

  public get internal(): IGatewaySide {
    return GatewaySide.fromParameters(this.stack, 'Inside', INSIDE, { network: this.mesh, internetFacing: false });
  }

  public users(options: SharedPortOptions = { port: 8080 }) {
    return ServicePort.fromParameters(this.stack, 'Users', USERS, options);
  }
}

/** The app of the team that owns the service of users. */
export function usersApp(): TeamApp {
  const app = new TeamApp('UsersApp');
  app.service('Users').port('http').share(USERS);
  return app;
}

/** The app of the team that owns orders, which calls users and is called from the internet. */
export function ordersApp(options?: SharedPortOptions): TeamApp {
  const app = new TeamApp('OrdersApp');
  const orders = app.service('Orders');
  orders.connectTo(app.users(options));
  app.external.route('Orders', { target: orders.port('http'), hosts: ['orders.example.com'] });
  return app;
}

/** Synthesizes an app with its picture, and returns the directory of its assembly. */
export function assemblyOf(stack: Stack): string {
  TopologyDiagram.attach(stack);
  return (stack.node.root as App).synth().directory;
}
