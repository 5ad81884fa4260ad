import fc from 'fast-check';
import { CommonHeaders } from '../../common/common-headers';
import { HttpError } from '../../common/http';
import { readTarget } from '../../common/target';

const BASE = 'http://service.invalid';

/** What a target asks for as the parser of URLs reads it. */
function parsed(target: string): [string, string | null] | undefined {
  try {
    const { pathname, searchParams } = new URL(target, BASE);
    return [pathname, searchParams.get('ip')];
  } catch {
    return undefined;
  }
}

function read(target: string): [string, string | null] | undefined {
  try {
    const { pathname, searchParams } = readTarget(target);
    return [pathname, searchParams.get('ip')];
  } catch (error) {
    expect(error).toBeInstanceOf(HttpError);
    return undefined;
  }
}

const piece = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('/', '/v1', '/lookup', '8.8.8.8', '2001:db8::1', '.', '..', '~', '-', '_') },
  {
    weight: 2,
    arbitrary: fc.constantFrom('%2e', '%2E%2e', '%2f', '%41', '%', '%zz', '%00', '\\', '//', '?ip=1', '#', ';', '@', ':', '*'),
  },
  fc.constantFrom(
    'http://evil.example',
    'HTTP:',
    'file:',
    '//host:99999',
    '[::1]',
    'é',
    '\u212a',
    '\t',
    '\n',
    ' ',
    '|',
    '^',
    '`',
    '{',
    '"',
  ),
  fc.string({ unit: 'binary', maxLength: 3 }),
);
const rooted = fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.stringMatching(/^[\w.:~-]{0,8}$/)), { maxLength: 5 });

describe('a request target', () => {
  test.each([
    ['of pieces, most of them hostile', fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))],
    ['of plain segments', rooted.map((segments) => `/${segments.join('/')}`)],
  ])('%s is read as the parser of URLs reads it', (_, targets) => {
    fc.assert(
      fc.property(targets, (target) => expect(read(target)).toEqual(parsed(target))),
      { numRuns: 2000 },
    );
  });

  test.each(['/v1/lookup/8.8.8.8', '/v1/lookup/2001:4860:4860::8888', '/healthz', '/v1/self'])('%s needs no parser', (target) => {
    expect(readTarget(target)).not.toBeInstanceOf(URL);
  });

  test.each([
    '/',
    '//host/path',
    '/a//b',
    '/a/',
    '/./a',
    '/a/../b',
    '/.env',
    '/a?b',
    '/a#b',
    '/a%41',
    '/\\a',
    'http://a/b',
    '/a b',
  ])('%s does', (target) => {
    expect(readTarget(target)).toBeInstanceOf(URL);
  });
});

describe('common headers', () => {
  const headers = new CommonHeaders({ 'cache-control': 'no-store', 'x-task-id': 'task-1' });

  test('come first, in their order', () => {
    expect(headers.with({ 'x-cache': 'L1' })).toEqual(['cache-control', 'no-store', 'x-task-id', 'task-1', 'x-cache', 'L1']);
  });

  test('give way to the answer’s own, and are as before for the next one', () => {
    expect(headers.with({ 'cache-control': 'public' })).toEqual(['cache-control', 'public', 'x-task-id', 'task-1']);
    expect(headers.with({})).toEqual(['cache-control', 'no-store', 'x-task-id', 'task-1']);
  });
});
