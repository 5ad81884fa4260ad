import { HttpError, Route } from './http';

export interface Match {
  readonly route: Route;
  readonly params: Record<string, string>;
}

interface Candidate {
  readonly route: Route;
  readonly segments: readonly string[];
}

/** Finds the route of a request: an unknown path is 404, a known path with another method 405 with `Allow`. */
export class Router {
  private readonly candidates: Candidate[];

  constructor(routes: Route[]) {
    this.candidates = routes.map((route) => ({ route, segments: route.path.split('/') }));
  }

  match(method: string, path: string): Match {
    const segments = path.split('/');
    const wanted = method === 'HEAD' ? 'GET' : method;
    const others: Route[] = [];
    for (const { route, segments: pattern } of this.candidates) {
      const params = matchSegments(pattern, segments);
      if (params === undefined) continue;
      if (route.method === wanted) return { route, params };
      others.push(route);
    }
    if (others.length === 0) throw new HttpError(404, 'NOT_FOUND', 'There is nothing at this path.');
    const allow = others.flatMap((route) => (route.method === 'GET' ? ['GET', 'HEAD'] : [route.method])).join(', ');
    throw new HttpError(405, 'METHOD_NOT_ALLOWED', `This path answers ${allow}.`, { allow });
  }
}

/** The parameters if the path fits the pattern; decoded only then. */
function matchSegments(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const fits = pattern.every((part, index) => part === segments[index] || part.startsWith('{'));
  if (!fits) return undefined;
  const params: Record<string, string> = {};
  for (let index = 0; index < pattern.length; index++) {
    if (pattern[index].startsWith('{')) params[pattern[index].slice(1, -1)] = decode(segments[index]);
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
