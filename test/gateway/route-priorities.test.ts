import { Template } from 'aws-cdk-lib/assertions';
import { Construct, RootConstruct } from 'constructs';
import * as fc from 'fast-check';
import { arrange, arrangeZones, at, route, routes } from './fixtures';
import { RouteProps } from '../../src/gateway/gateway-route';
import { covers } from '../../src/gateway/private/pattern';
import { RouteConditions } from '../../src/gateway/private/route-conditions';
import { automaticPriority } from '../../src/gateway/private/route-priority';
import { RouteTable } from '../../src/gateway/private/route-table';

describe('T10: priorities', () => {
  type Conditions = Pick<RouteProps, 'hosts' | 'paths'>;
  const literal = fc.stringMatching(/^r[a-z]{0,9}[0-9]$/);
  const conditions = fc.record(
    {
      hosts: fc.array(
        fc.tuple(fc.constantFrom('', '*.'), literal).map(([star, name]) => `${star}${name}.example.com`),
        { minLength: 1, maxLength: 2 },
      ),
      paths: fc.array(
        fc.tuple(literal, fc.constantFrom('', '/*')).map(([name, star]) => `/${name}${star}`),
        { minLength: 1, maxLength: 2 },
      ),
    },
    { requiredKeys: [] },
  );

  test('T10: no route changes the priority of another, whatever is added before or after it', () => {
    const place = (ids: string[], all: Map<string, Conditions>) => {
      const table = new RouteTable();
      const scope = new RootConstruct();
      const placed = new Map<string, number>();
      for (const id of ids) {
        const route_ = new Construct(scope, id);
        const { hosts, paths } = all.get(id)!;
        try {
          const conditions_ = new RouteConditions(route_, hosts, paths);
          const priority = table.place(route_, conditions_, undefined);
          expect(priority).toBe(automaticPriority(id, conditions_));
          placed.set(id, priority);
        } catch (error) {
          // Two IDs can yield one number (hundred-routes.test.ts).
          expect(String(error)).toMatch(/\[Route(Duplicate|Shadowed|PriorityShared) at/);
        }
      }
      return placed;
    };
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(literal, conditions), { selector: ([id]) => id, minLength: 2, maxLength: 6 }),
        (entries) => {
          const all = new Map(entries);
          const forwards = place([...all.keys()], all);
          const backwards = place([...all.keys()].reverse(), all);
          for (const [id, priority] of forwards) {
            if (backwards.has(id)) expect(backwards.get(id)).toBe(priority);
            expect(place([id], all).get(id)).toBe(priority);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test('T10: a new route leaves the rules of the others as they were', () => {
    const rules = (...ids: string[]) => {
      const { stack, gateway, target } = arrange();
      for (const id of ids) gateway.internal.route(id, { target, paths: [`/${id}/*`] });
      return Template.fromStack(stack).findResources('AWS::ElasticLoadBalancingV2::ListenerRule');
    };
    expect(rules('first', 'second', 'third')).toMatchObject(rules('third', 'first'));
  });

  test('more specific routes come first', () => {
    const order = routes(
      ['Any', {}],
      ['AnyHostShort', { paths: ['/a/*'] }],
      ['AnyHostLong', { paths: ['/a/b/*'] }],
      ['AnyHostFull', { paths: ['/a'] }],
      ['WideHost', { hosts: ['*.example.com'] }],
      ['NarrowHost', { hosts: ['*.api.example.com'] }],
      ['WidePath', { hosts: ['*.example.com'], paths: ['/a/*'] }],
      ['Host', { hosts: ['www.example.com'] }],
      ['HostPath', { hosts: ['www.example.com'], paths: ['/a/*'] }],
      ['HostFullPath', { hosts: ['www.example.com'], paths: ['/a'] }],
    ).sort((a, b) => a.priority - b.priority);
    expect(order.map(({ node }) => node.id)).toEqual([
      'HostFullPath',
      'HostPath',
      'Host',
      'NarrowHost',
      'WidePath',
      'WideHost',
      'AnyHostFull',
      'AnyHostLong',
      'AnyHostShort',
      'Any',
    ]);
  });

  // A change of these numbers moves the rules of everybody's deployed routes.
  test.each<[Partial<RouteProps>, number]>([
    [{}, 48940],
    [{ paths: ['/api/*'] }, 43556],
    [{ hosts: ['api.example.com'] }, 23196],
    [{ hosts: ['*.example.com'] }, 31566],
    [{ hosts: ['api.example.com'], paths: ['/v1'] }, 4812],
  ])('the automatic number of %j is a contract', (props, priority) => {
    expect(route(props).route.priority).toBe(priority);
  });

  test('automatic numbers leave room before and after them', () => {
    const longest = `/${'a'.repeat(125)}/*`;
    const [first, last] = routes(['First', { hosts: ['a.example.com'], paths: ['/'] }], ['Last', {}]);
    expect(first.priority).toBeGreaterThan(4600);
    expect(last.priority).toBeLessThanOrEqual(48950);
    expect(route({ paths: [longest] }).route.priority).toBeGreaterThan(4600);
  });

  test.each([1, 50000])('by hand: %d', (priority) => {
    const { stack } = route({ priority });
    Template.fromStack(stack).hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', { Priority: priority });
  });

  test('a number that is taken: the error offers a free one, which works', () => {
    const { gateway, target } = arrangeZones();
    gateway.internal.route('Api', { target, hosts: ['api.example.com'] });
    expect(() => gateway.internal.route('Web', { target, hosts: ['web.example.com'], priority: 23196 })).toThrow(
      new Error(
        '`priority` must be used once on a listener, and S/Gateway/Internal/Routes/Api has it already, got 23196; ' +
          `set \`priority: 23197\` on the newer of the two [RoutePriorityTaken ${at('Web')}`,
      ),
    );
    expect(gateway.internal.route('Web2', { target, hosts: ['web.example.com'], priority: 23197 }).priority).toBe(23197);
  });

  test('a number outside all bands is replaced by the next one', () => {
    expect(() =>
      routes(['A', { hosts: ['a.example.com'], priority: 5 }], ['B', { hosts: ['b.example.com'], priority: 5 }]),
    ).toThrow(/set `priority: 6` on the newer of the two/);
  });
});

describe('routes in each other’s way', () => {
  const duplicate = (got: string, other = 'A', id = 'B') =>
    `\`route('${id}')\` must differ in \`hosts\`, \`paths\` or \`when\` from S/Gateway/Internal/Routes/${other}, which takes the same requests, ` +
    `got ${got}; narrow one of the two, or remove one [RouteDuplicate ${at(id)}`;

  test.each<[string, Partial<RouteProps>, Partial<RouteProps>, string]>([
    ['two for everything', {}, {}, '{"paths":["/*"]}'],
    ['two spellings of everything', {}, { paths: ['*'] }, '{"paths":["*"]}'],
    ['one host', { hosts: ['a.example.com'] }, { hosts: ['A.example.com'] }, '{"hosts":["a.example.com"]}'],
    ['values in another order', { paths: ['/a', '/b'] }, { paths: ['/b', '/a'] }, '{"paths":["/b","/a"]}'],
    ['host with and without any path', { hosts: ['a.example.com'] }, { recordName: 'x', hosts: ['x.nidhin.local'] }, ''],
  ])('%s', (_, first, second, got) => {
    const add = () => routes(['A', first], ['B', second]);
    if (got) expect(add).toThrow(new Error(duplicate(got)));
    else expect(add).not.toThrow();
  });

  test('one that comes later and takes nothing is refused, naming both', () => {
    expect(() => routes(['Wide', { paths: ['/api/*'], priority: 10 }], ['Narrow', { paths: ['/api/v1/*'], priority: 20 }])).toThrow(
      new Error(
        "`route('Narrow')` must get requests, but S/Gateway/Internal/Routes/Wide (priority 10) comes first and takes all that " +
          'S/Gateway/Internal/Routes/Narrow (priority 20) is for, got {"paths":["/api/v1/*"]}; ' +
          `set \`priority: 9\` on Narrow, or narrow Wide [RouteShadowed ${at('Narrow')}`,
      ),
    );
  });

  test('one that takes everything from a route that was there is refused too', () => {
    expect(() => routes(['Narrow', { paths: ['/api/v1/*'], priority: 2 }], ['Wide', { paths: ['/api/*'], priority: 1 }])).toThrow(
      new Error(
        "`route('Narrow')` must get requests, but S/Gateway/Internal/Routes/Wide (priority 1) comes first and takes all that " +
          'S/Gateway/Internal/Routes/Narrow (priority 2) is for, got {"paths":["/api/v1/*"]}; ' +
          `give Wide a higher \`priority\`, or narrow Wide [RouteShadowed ${at('Wide')}`,
      ),
    );
  });

  test('two that together take everything from a third', () => {
    const all: [string, Partial<RouteProps>][] = [
      ['A', { paths: ['/a/*'], priority: 1 }],
      ['B', { paths: ['/b/*'], priority: 2 }],
      ['Both', { paths: ['/a/1', '/b/2'], priority: 4 }],
    ];
    expect(() => routes(...all)).toThrow(
      /Routes\/A \(priority 1\) and S\/Gateway\/Internal\/Routes\/B \(priority 2\) come first and take all/,
    );
  });

  test('the same conditions on the other side are no matter', () => {
    const { gateway, target } = arrange();
    gateway.external.route('Web', { target });
    expect(() => gateway.internal.route('Web', { target })).not.toThrow();
  });

  test.each([
    ['*', 'anything', true],
    ['/api/*', '/api/v1/*', true],
    ['/api/*', '/api', false],
    ['/api/v1/*', '/api/*', false],
    ['*.example.com', 'a.b.example.com', true],
    ['*.example.com', '*.api.example.com', true],
    ['*.api.example.com', '*.example.com', false],
    ['/a?c', '/abc', true],
    ['/a?c', '/a*c', false],
    ['/a*', '/a?', true],
    ['/a?*', '/a*?', true],
    ['/a**', '/a*', true],
    ['/*.png', '/img/*.png', true],
    ['/a', '/A', false],
  ])('%s takes all of %s: %s', (outer, inner, expected) => {
    expect(covers(outer, inner)).toBe(expected);
  });

  test('a pattern that covers another matches every text that the other matches', () => {
    const pattern = fc.stringMatching(/^[ab*?]{0,6}$/);
    const matches = (glob: string, text: string) => new RegExp(`^${glob.replace(/\*/g, '.*').replace(/\?/g, '.')}$`).test(text);
    fc.assert(
      fc.property(pattern, pattern, fc.stringMatching(/^[abc]{0,6}$/), (outer, inner, text) => {
        fc.pre(covers(outer, inner) && matches(inner, text));
        return matches(outer, text);
      }),
    );
  });
});
