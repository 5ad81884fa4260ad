import { PlaceholderCommand } from './private/deployed-image';
import { guard } from '../core/private/guard';

const IMAGE = 'public.ecr.aws/docker/library/python:3.13-alpine';

/** Answers every request on every port with status 200 and identifies itself as a placeholder; stops at once on SIGTERM. */
const SERVER = [
  'import http.server, signal, sys, threading',
  'signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))',
  'class Page(http.server.BaseHTTPRequestHandler):',
  '  def do_GET(self):',
  '    body = b"No image has been deployed yet.\\n"',
  '    self.send_response(200)',
  '    self.send_header("Content-Type", "text/plain")',
  '    self.send_header("Content-Length", str(len(body)))',
  '    self.send_header("X-Placeholder", "true")',
  '    self.end_headers()',
  '    if self.command != "HEAD": self.wfile.write(body)',
  '  do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_GET',
  '  log_message = lambda *_: None',
  'for port in sys.argv[1:]:',
  '  server = http.server.ThreadingHTTPServer(("", int(port)), Page)',
  '  threading.Thread(target=server.serve_forever, daemon=True).start()',
  'signal.pause()',
].join('\n');

/** The health check, which sends a request to the first port. Without ports, it shows only that the interpreter runs. */
const PROBE = 'import sys, urllib.request; [urllib.request.urlopen("http://127.0.0.1:" + port) for port in sys.argv[1:2]]';

/**
 * Specifies what runs in place of an image until the first one is deployed, so that the first deployment of a service succeeds although its
 * repository is empty.
 *
 * @example
 * const images = new ImageRepository(this, 'ApiImages');
 * const image = images.image({ placeholder: PlaceholderImage.python('111111111111.dkr.ecr.eu-west-1.amazonaws.com/mirror/python:3.13-alpine') });
 */
export class PlaceholderImage {
  /**
   * A page of 17 lines of Python that answers with status 200 on every TCP port of the container, whatever the path, with the header
   * `X-Placeholder: true`. It needs no write access, root user or network. It speaks HTTP/1.1, so HTTP/2 and gRPC ports stay unhealthy
   * behind a load balancer.
   *
   * @param image image with Python 3 on its path as `python`; by default, the Python image of the Amazon ECR Public Gallery. Tasks without
   * a route to the internet cannot pull it and need a copy in a registry that they can reach
   */
  public static python(image: string = IMAGE): PlaceholderImage {
    return new PlaceholderImage(image, (ports) => ({
      entryPoint: ['python', '-c', SERVER],
      command: ports,
      healthCheck: ['CMD', 'python', '-c', PROBE, ...ports],
    }));
  }

  /**
   * An image of your own that answers on the ports and the health check path of the container, without the entry point and command of the
   * service. If the container has a health check, the image needs a shell, and the health check always succeeds.
   *
   * @param image name of the image, including the registry unless it is on Docker Hub
   */
  public static image(image: string): PlaceholderImage {
    return new PlaceholderImage(image, () => ({ healthCheck: ['CMD-SHELL', 'exit 0'] }));
  }

  /** No placeholder: the tag has no default value, so the first deployment of the stack requires one. */
  public static none(): PlaceholderImage {
    return new PlaceholderImage(undefined, () => ({}));
  }

  private constructor(
    /** @internal */
    public readonly _image: string | undefined,
    /** @internal */
    public readonly _run: (ports: string[]) => PlaceholderCommand,
  ) {}
}

guard({ PlaceholderImage });
