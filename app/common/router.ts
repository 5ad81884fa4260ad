import { HttpError, Route } from './http';

export interface Match {
  readonly route: Route;
  readonly params: Record<string, string>;
}

/** Finds the route of a request: an unknown path is 404, a known path with another method 405 with `Allow`. */
export class Router {
  private readonly routes: { route: Route; segments: string[] }[];

  constructor(routes: Route[]) {
    this.routes = routes.map((route) => ({ route, segments: route.path.split('/') }));
  }

  match(method: string, path: string): Match {
    const segments = path.split('/');
    const found = this.routes.flatMap(({ route, segments: pattern }) => {
      const params = matchSegments(pattern, segments);
      return params ? [{ route, params }] : [];
    });
    if (found.length === 0) throw new HttpError(404, 'NOT_FOUND', 'There is nothing at this path.');
    const wanted = method === 'HEAD' ? 'GET' : method;
    const match = found.find(({ route }) => route.method === wanted);
    if (match) return match;
    const allow = found.flatMap(({ route }) => (route.method === 'GET' ? ['GET', 'HEAD'] : [route.method])).join(', ');
    throw new HttpError(405, 'METHOD_NOT_ALLOWED', `This path answers ${allow}.`, { allow });
  }
}

function matchSegments(pattern: string[], segments: string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    if (part.startsWith('{')) params[part.slice(1, -1)] = decode(segments[index]);
    else if (part !== segments[index]) return undefined;
  }
  return params;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // a stray % is no valid parameter of any route, which is for the route to say
  }
}
