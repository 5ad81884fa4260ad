import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { arrange, render } from './fixtures';
import { ResponseHeaders } from '../../src/gateway/response-headers';
import { FrameOptions, SecureHeadersOptions } from '../../src/gateway/response-headers-options';

const attribute = (header: string) => `routing.http.response.${header}.header_value`;
const HSTS = attribute('strict_transport_security');
const SERVER = 'routing.http.response.server.enabled';
const NOSNIFF = { [attribute('x_content_type_options')]: 'nosniff' };

/** Attributes of the external listener on that port. */
function attributesOf(template: Template, port: number): Record<string, string> | undefined {
  const listeners = template.findResources('AWS::ElasticLoadBalancingV2::Listener', { Properties: { Port: port } });
  const [[, found]] = Object.entries(listeners).filter(([id]) => id.includes('External'));
  const pairs = found.Properties.ListenerAttributes as { Key: string; Value: string }[] | undefined;
  return pairs && Object.fromEntries(pairs.map(({ Key: name, Value }) => [name, Value]));
}

const secured = (options: SecureHeadersOptions, side: 'external' | 'http' = 'external') =>
  render({ [side]: { responseHeaders: ResponseHeaders.secure(options) } });

describe('response headers of the external side', () => {
  test('by default a year of HTTPS, no guessing of content types, no server header', () => {
    expect(attributesOf(render(), 443)).toEqual({ [SERVER]: 'false', [HSTS]: 'max-age=31536000', ...NOSNIFF });
  });

  test('the listener that sends on to HTTPS promises nothing, since browsers ignore it there', () => {
    expect(attributesOf(render(), 80)).toEqual({ [SERVER]: 'false', ...NOSNIFF });
  });

  test('plain HTTP has all but the promise of HTTPS', () => {
    expect(attributesOf(render({ http: {} }), 80)).toEqual({ [SERVER]: 'false', ...NOSNIFF });
  });

  test('the internal side, which no browser sees, stays as AWS makes it', () => {
    const listeners = render().findResources('AWS::ElasticLoadBalancingV2::Listener');
    const [[, internal]] = Object.entries(listeners).filter(([id]) => id.includes('Internal'));
    expect(internal.Properties).not.toHaveProperty('ListenerAttributes');
  });

  test('every choice', () => {
    const template = secured({
      maxAge: Duration.days(730),
      includeSubDomains: true,
      frameOptions: FrameOptions.SAMEORIGIN,
      contentSecurityPolicy: "default-src 'self'",
    });
    expect(attributesOf(template, 443)).toEqual({
      [SERVER]: 'false',
      [HSTS]: 'max-age=63072000; includeSubDomains',
      ...NOSNIFF,
      [attribute('x_frame_options')]: 'SAMEORIGIN',
      [attribute('content_security_policy')]: "default-src 'self'",
    });
  });

  test('the way back to HTTP', () => {
    expect(attributesOf(secured({ maxAge: Duration.seconds(0) }), 443)).toMatchObject({ [HSTS]: 'max-age=0' });
  });

  test('unchanged', () => {
    const template = render({ external: { responseHeaders: ResponseHeaders.unchanged() } });
    expect([443, 80].map((port) => attributesOf(template, port))).toEqual([{ [SERVER]: 'true' }, { [SERVER]: 'true' }]);
  });

  test('a listener for test traffic answers like the one that it stands for', () => {
    const { stack, gateway, target } = arrange();
    gateway.external.route('Web', { target });
    target.requests[0].testListeners.testListener(8443);
    expect(attributesOf(Template.fromStack(stack), 8443)).toHaveProperty([HSTS], 'max-age=31536000');
  });
});

describe('refused response headers', () => {
  const age = (got: string) =>
    `\`external.responseHeaders.maxAge\` must be whole seconds from 0 to 63072000, got "${got} seconds"; choose a duration in that range ` +
    '[TransportSecurityAge at S/Gateway]';
  const policy = (got: string) =>
    `\`external.responseHeaders.contentSecurityPolicy\` must be 1 to 1024 printable ASCII characters on one line, got ${JSON.stringify(got)}; ` +
    'shorten it, or let the services send it [ContentSecurityPolicy at S/Gateway]';
  const withHttp = (prop: string) =>
    `\`external.responseHeaders.${prop}\` must be left out with \`ExternalSide.http()\`, because browsers apply it only over HTTPS; ` +
    'use `ExternalSide.https({ certificate })`, or leave it out [HttpWithTlsProps at S/Gateway]';

  test.each<[string, SecureHeadersOptions, 'external' | 'http', string]>([
    ['more than two years', { maxAge: Duration.seconds(63072001) }, 'external', age('63072001')],
    ['half a second', { maxAge: Duration.millis(500) }, 'external', age('0.5')],
    [
      'forgetting for names below',
      { maxAge: Duration.seconds(0), includeSubDomains: true },
      'external',
      '`external.responseHeaders.includeSubDomains` must be left out with a `maxAge` of 0, with which browsers discard the setting; ' +
        'leave out one of the two [TransportSecurityAge at S/Gateway]',
    ],
    ['an empty policy', { contentSecurityPolicy: '' }, 'external', policy('')],
    ['a policy over two lines', { contentSecurityPolicy: 'a\nb' }, 'external', policy('a\nb')],
    ['a long policy', { contentSecurityPolicy: 'a'.repeat(1025) }, 'external', policy('a'.repeat(1025))],
    ['a time of HTTPS with plain HTTP', { maxAge: Duration.days(1) }, 'http', withHttp('maxAge')],
    ['names below with plain HTTP', { includeSubDomains: true }, 'http', withHttp('includeSubDomains')],
  ])('%s', (_, options, side, message) => {
    expect(() => secured(options, side)).toThrow(new Error(message));
  });

  test.each<[string, SecureHeadersOptions]>([
    ['two years', { maxAge: Duration.seconds(63072000) }],
    ['a policy of 1024 characters', { contentSecurityPolicy: 'a'.repeat(1024) }],
  ])('%s is not', (_, options) => {
    expect(() => secured(options)).not.toThrow();
  });
});
