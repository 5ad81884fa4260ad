import { markdownTable } from 'markdown-table';

const DAY = 24 * 60 * 60 * 1000;
const SOON = 180;

/** The report for people. */
export function reportOf(pins, { today, readOn, all }) {
  const soon = new Date(Date.parse(today) + SOON * DAY).toISOString().slice(0, 10);
  const known = pins.filter(({ ending }) => ending);
  const end = ({ ending }) => [ending.closed, ending.standard].filter(Boolean).sort()[0];
  const ended = known.filter((pin) => end(pin) <= today);
  const ending = known.filter((pin) => end(pin) > today && end(pin) <= soon);
  const others = known.filter((pin) => !ended.includes(pin) && !ending.includes(pin));
  const age = Math.round((Date.parse(today) - Date.parse(readOn)) / DAY);
  return [
    `Ends of support as read on ${readOn}, ${age} days before ${today}.${age > 90 ? ' Read the pages again.' : ''}`,
    ...section('Ended', ended),
    ...section(`Ends by ${soon}, within ${SOON} days`, ending),
    ...section(
      'Unknown: not in the table',
      pins.filter((pin) => !pin.ending),
    ),
    ...(all ? section('Goes on', others) : [`${others.length} more pins go on, or no end of them is announced; --all lists them.`]),
  ].join('\n');
}

function section(title, pins) {
  if (pins.length === 0) return [`${title}: none.`, ''];
  return [`${title}:`, ...pins.flatMap(lines), ''];
}

function lines({ product, version, where, ending }) {
  if (!ending) return [`  ${product} ${version}`, `      ${places(where)}`];
  const { closed, standard, later } = ending;
  const days = [closed && `no new ones from ${closed} on`, standard ?? 'no end announced', later && `then until ${later}`];
  return [`  ${ending.title} ${version}: ${days.filter(Boolean).join(', ')}`, `      ${places(where)}`, `      ${ending.source}`];
}

function places(where) {
  return where.length > 4 ? `${where.slice(0, 3).join(', ')} and ${where.length - 3} more places` : where.join(', ');
}

/** docs/ends-of-support.md with its two tables written anew; the text around them is kept. */
export function pageOf(page, pins, products, readOn) {
  const pinned = pins.map(({ product, version, where, ending }) => [
    products[product]?.title ?? product,
    version,
    endOf(ending),
    ending?.later ?? '',
    [...new Set(where.map(folderOf))].map((folder) => `\`${folder}\``).join(', '),
  ]);
  const rows = Object.values(products).flatMap(rowsOf);
  return between(
    between(
      page.replace(/read on \*\*[\d-]*\*\*/, `read on **${readOn}**`),
      'pins',
      table(['what', 'version', 'ends', 'then until', 'pinned in'], pinned),
    ),
    'rows',
    table(['what', 'version', 'ends', 'then until', 'no new ones since', 'source, read on'], rows) + notes(products),
  );
}

function endOf(ending) {
  return ending ? (ending.standard ?? 'not announced') : '**unknown**';
}

/** Lines and files come and go; where to look stays. */
function folderOf(place) {
  const path = place.split(':')[0].split('/');
  return path.length === 1 ? path[0] : path.slice(0, Math.min(2, path.length - 1)).join('/');
}

function rowsOf({ title, source, read, versions, minors = [] }) {
  const page = `[page](${source}), ${read}`;
  return [
    ...Object.entries(versions).map(([version, [standard, later]]) => [
      title,
      version,
      standard ?? 'not announced',
      later ?? '',
      '',
      page,
    ]),
    ...minors.map(([version, standard, closed]) => [title, `${version} and older`, standard, '', closed ?? '', page]),
  ];
}

function notes(products) {
  const all = Object.values(products).filter(({ later, note }) => later || note);
  const text = ({ title, later, note }) =>
    `- **${title}:** ${[note, later && `Until the second date ${later}.`].filter(Boolean).join(' ')}`;
  return `\n${[...new Set(all.map(text))].join('\n')}\n`;
}

function table(head, rows) {
  return `${markdownTable([head, ...rows], { alignDelimiters: false })}\n`;
}

function between(page, name, text) {
  const [start, end] = [`<!-- ${name} -->\n`, `<!-- end of ${name} -->`];
  return page.slice(0, page.indexOf(start) + start.length) + `\n${text}\n` + page.slice(page.indexOf(end));
}
