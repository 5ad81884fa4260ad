import { REFUSALS } from './firewall-proofs';
import { lookup } from './lookups';
import { Proof } from './proof';
import { SMOKE_TEST } from './smoke-proof';
import { expect } from './visitor';

const PUBLIC_IPV4 = ['8.8.8.8', '1.1.1.1', '9.9.9.9', '81.2.69.142'];
const PUBLIC_IPV6 = ['2001:4860:4860::8888', '2606:4700:4700::1111', '2620:fe::fe'];

/** GEO-12 on the template as it is deployed by default. */
export const FRONT_DOOR_PROOFS: readonly Proof[] = [
  {
    name: 'the tasks, targets and container checks of the template are all healthy',
    prove: async ({ run }) => {
      const missing = run.unready();
      expect(missing.length === 0, missing.join('; '));
      const counts = run.services.map(({ plan, running }) => `${plan.label} ${running.length}/${plan.desiredCount}`);
      expect(run.services.length >= 2, `the template has only these services: ${counts.join(', ')}`);
      return counts.join(', ');
    },
  },
  {
    name: 'HTTPS answers with the page',
    prove: async (visitor) => {
      const answer = await visitor.front('/', { accept: 'text/html' });
      expect(answer.status === 200, `status ${answer.status}`);
      expect(/text\/html/.test(String(answer.headers['content-type'])), `content type ${answer.headers['content-type']}`);
      expect(/<form[\s>]/.test(answer.body), 'the page has no form');
      expect(
        visitor.external.listeners.some(({ plan }) => plan.https),
        'the external load balancer has no HTTPS listener',
      );
      return `${visitor.nameOf(visitor.external)}, certificate verified, ${answer.body.length} bytes`;
    },
  },
  {
    name: 'HTTP on port 80 is redirected to HTTPS',
    prove: async (visitor) => {
      const listener = visitor.external.listeners.find(({ plan }) => plan.port === 80);
      expect(listener !== undefined, 'the external load balancer has no listener on port 80');
      const answer = await visitor.through(listener, visitor.nameOf(visitor.external), '/?ip=8.8.8.8');
      expect(answer.status === 301, `status ${answer.status}`);
      const location = new URL(String(answer.headers.location));
      expect(location.protocol === 'https:' && location.search === '?ip=8.8.8.8', `location ${location.href}`);
      return `301 ${location.href}`;
    },
  },
  {
    name: 'the internal name answers from inside',
    prove: async (visitor) => {
      const name = visitor.nameOf(visitor.internal);
      const answer = await visitor.inside(`http://${name}/v1/lookup/8.8.8.8`);
      expect(answer.startsWith('200 '), answer);
      return `http://${name}/v1/lookup/8.8.8.8`;
    },
  },
  REFUSALS,
  SMOKE_TEST,
  ...[
    { family: 'IPv4', version: 4, addresses: PUBLIC_IPV4 },
    { family: 'IPv6', version: 6, addresses: PUBLIC_IPV6 },
  ].map(({ family, version, addresses }): Proof => ({
    name: `public ${family} addresses are located through the front door`,
    prove: async (visitor) => {
      const found: string[] = [];
      for (const ip of addresses) {
        const { place } = await lookup(visitor, ip);
        expect(place.version === version, `${ip} came back as version ${place.version}`);
        expect(/^[A-Z]{2}$/.test(place.country?.code ?? ''), `${ip} has no country: ${JSON.stringify(place)}`);
        found.push(`${ip} ${place.country?.code}`);
      }
      return found.join(', ');
    },
  })),
];
