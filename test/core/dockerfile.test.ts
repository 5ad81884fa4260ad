import { readDockerfile } from '../../src/core/private/dockerfile';

type Case = [string, string, object | undefined, string?];

test.each<Case>([
  [
    'user and volumes',
    'FROM x\nUSER 1000:1000\nVOLUME /a /b/\nvolume ["/c", "/d"]',
    { user: '1000:1000', volumes: ['/a', '/b', '/c', '/d'] },
  ],
  [
    'comments and lines that go on',
    '# c\nFROM x\nVOLUME /a \\\n  # c\n\n  /b\n#USER 1\nUSER 2 ',
    { user: '2', volumes: ['/a', '/b'] },
  ],
  ['the last of several users', 'FROM x\nUSER 1\nUSER root', { user: 'root' }],
  ['a user by variable', 'FROM x\nUSER 1\nUSER ${UID}', { user: undefined }],
  ['the last stage', 'FROM x AS a\nUSER 1\nVOLUME /a\nFROM y\nUSER 2', { user: '2', volumes: [] }],
  [
    'a stage built on another',
    'FROM x AS Base\nUSER 1\nVOLUME /a\nFROM --platform=$P base\nVOLUME /b',
    { user: '1', volumes: ['/a', '/b'] },
  ],
  ['the target by name', 'FROM x AS Dev\nUSER 1\nFROM y\nUSER 2', { user: '1' }, 'dev'],
  ['the target by number', 'FROM x\nUSER 1\nFROM y\nUSER 2', { user: '1' }, '0'],
  ['no such target', 'FROM x', undefined, 'dev'],
  ['another base image', 'FROM x', { allVolumesKnown: false }],
  ['from scratch', 'FROM scratch\nVOLUME /a', { user: 'root', allVolumesKnown: true }],
  ['from scratch through a stage', 'FROM Scratch AS a\nFROM a', { allVolumesKnown: true }],
  ['a volume by variable', 'FROM scratch\nARG D\nVOLUME $D /b', { volumes: ['/b'], allVolumesKnown: false }],
  ['a volume in broken JSON', 'FROM scratch\nVOLUME ["/a"', { volumes: [], allVolumesKnown: false }],
  [
    'scripts in the file',
    'FROM x\nRUN <<EOF cat > a\nUSER 1\n\tEOF\nEOF\nCOPY <<"A" <<-B /x\nUSER 2\nA\nUSER 3\n\tB\nUSER 4',
    { user: '4' },
  ],
  ['a shift that is no script', 'FROM x\nRUN echo $((1 << X)) <<<y\nUSER 5', { user: '5' }],
  ['another escape character', '# escape=`\nFROM x\nUSER 1', undefined],
  ['the usual escape character', '# escape=\\\nFROM x\nUSER 1', { user: '1' }],
  ['lines of Windows', 'FROM x\r\nUSER 1\r\nVOLUME /a\r\n', { user: '1', volumes: ['/a'] }],
  ['an instruction before any stage', 'ARG V=1\nFROM x:$V\nUSER 1', { user: '1' }],
  ['nothing', '', undefined],
])('%s', (...[, text, expected, target]: Case) => {
  expect(readDockerfile(text, target)).toEqual(expected && expect.objectContaining(expected));
});
