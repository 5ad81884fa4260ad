import { lookup } from './lookups';
import { Proof } from './proof';
import { expect } from './visitor';

const NO_USER_AGENT = { 'user-agent': undefined };

/** What visitors meet at the web ACL of the external side, which blocks. */
export const REFUSALS: Proof = {
  name: 'the external web ACL refuses requests without User-Agent and bodies over 8 KB, with 403',
  prove: async (visitor) => {
    const { listeners } = visitor.external;
    const send = (headers: Record<string, string | undefined>, body?: string) =>
      visitor.through(
        listeners.find(({ plan }) => plan.https) ?? listeners[0],
        visitor.nameOf(visitor.external),
        '/',
        headers,
        body,
      );
    const none = await send(NO_USER_AGENT);
    const [large, largest] = [await send({}, 'x'.repeat(8193)), await send({}, 'x'.repeat(8192))];
    const seen = `no User-Agent ${none.status}, 8193 bytes ${large.status}, 8192 bytes ${largest.status}`;
    expect(none.status === 403 && large.status === 403 && largest.status !== 403, seen);
    return seen;
  },
};

/** What our own services meet at the web ACL of the internal side, where strict requirements put one. */
export const LOOKUPS_PASS: Proof = {
  name: 'lookups pass the web ACL of the internal side, which blocks nothing that services send',
  prove: async (visitor) => {
    const { plan, listeners } = visitor.internal;
    expect(plan.firewall !== undefined, 'the internal load balancer has no web ACL');
    const { place } = await lookup(visitor, '8.8.8.8');
    const bare = await visitor.through(listeners[0], visitor.nameOf(visitor.internal), '/v1/lookup/8.8.8.8', NO_USER_AGENT);
    expect(bare.status === 200, `a lookup without User-Agent got ${bare.status}`);
    return `8.8.8.8 ${place.country?.code}; blocking there: ${plan.firewall.blocking.join(', ')}`;
  },
};
