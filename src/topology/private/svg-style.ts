import { ComponentKind } from '../../core/topology-record';

/** The accent color of each kind on light and on dark backgrounds; each has a contrast of at least 4.5 to the card. */
const ACCENTS: Record<ComponentKind, [light: string, dark: string]> = {
  [ComponentKind.INTERNET]: ['#475569', '#a9b7c9'],
  [ComponentKind.DISTRIBUTION]: ['#7a3aa8', '#c79bf0'],
  [ComponentKind.LOAD_BALANCER]: ['#6d3fd1', '#b79cff'],
  [ComponentKind.SERVICE]: ['#b4510a', '#f5a65b'],
  [ComponentKind.REDIS]: ['#c02b26', '#ff8f87'],
  [ComponentKind.DATABASE]: ['#1f5fc4', '#85b5ff'],
  [ComponentKind.AWS_API]: ['#11734a', '#5fd0a0'],
  [ComponentKind.EXTERNAL]: ['#57606a', '#b1bac4'],
};

/**
 * Returns the rules of one color scheme. It uses plain colors and no variables: converters other than browsers support classes but not
 * variables.
 */
function scheme(index: 0 | 1): string[] {
  const pick = (...colours: [string, string]) => colours[index];
  return [
    `.ground{fill:${pick('#ffffff', '#0d1117')}}`,
    `.zone{fill:${pick('#f5f7fa', '#151b23')};stroke:${pick('#c3ccd8', '#3a4452')}}`,
    `.zone-name{stroke:${pick('#f5f7fa', '#151b23')}}`,
    `.zone.internet,.zone.outside{fill:${pick('#ffffff', '#0d1117')}}`,
    `.zone-name.internet,.zone-name.outside{stroke:${pick('#ffffff', '#0d1117')}}`,
    `.zone-name,.caption,.detail{fill:${pick('#566273', '#a3afbd')}}`,
    `.card{fill:${pick('#ffffff', '#1c232d')}}`,
    `.label{fill:${pick('#17202c', '#eef3f8')}}`,
    `.door{fill:${pick('#eef2f7', '#28313d')}}`,
    `.address{fill:${pick('#17202c', '#eef3f8')}}`,
    ...Object.entries(ACCENTS).flatMap(([kind, accents]) => [
      `.${kind} .card,.${kind} .glyph,.line.${kind}{stroke:${accents[index]}}`,
      `.${kind} .caption,.tip.${kind}{fill:${accents[index]}}`,
    ]),
  ];
}

/** Returns the styles of changes: solid green for additions, dashed red for removals. The signs in the labels say the same. */
function changes(index: 0 | 1): string[] {
  const pick = (...colours: [string, string]) => colours[index];
  const [added, removed] = [pick('#137a3e', '#56d364'), pick('#b3261e', '#ff8f87')];
  return [
    `.added .card,.line.added{stroke:${added};stroke-width:2.4}`,
    `.removed .card,.line.removed{stroke:${removed};stroke-width:2.4;stroke-dasharray:6 4}`,
    `.tip.added,.added .caption{fill:${added}}`,
    `.tip.removed,.removed .caption{fill:${removed}}`,
    `.door.added{fill:${pick('#d8f3e1', '#12361f')}}`,
    `.door.removed{fill:${pick('#fbe0de', '#471b19')}}`,
  ];
}

/**
 * Returns the style sheet of the picture. Every selector is under `.topology`, so that it does not affect a page that the SVG is pasted
 * into.
 */
export function styleSheet(comparison = false): string {
  const shared = [
    '.label,.caption,.detail,.zone-name{font-family:-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}',
    '.address{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:11px}',
    '.label{font-size:14px;font-weight:600}',
    '.caption{font-size:9.5px;font-weight:600;letter-spacing:.06em}',
    '.detail{font-size:11px}',
    // the stroke keeps lines that pass behind the name away from its letters
    '.zone-name{font-size:11px;font-weight:600;letter-spacing:.08em;stroke-width:4;stroke-linejoin:round;paint-order:stroke}',
    '.zone{stroke-width:1;stroke-dasharray:5 4}',
    '.card{stroke-width:1.4}',
    '.external .card{stroke-dasharray:4 3}',
    '.glyph{fill:none;stroke-width:1.7;stroke-linejoin:round;stroke-linecap:round}',
    '.line{fill:none;stroke-width:1.5}',
    '.line.back{stroke-dasharray:5 4}',
  ];
  const under = (rule: string) =>
    rule.replace(/^[^{]+/, (selectors) =>
      selectors
        .split(',')
        .map((selector) => `.topology ${selector}`)
        .join(','),
    );
  const rules = (index: 0 | 1) => [...scheme(index), ...(comparison ? changes(index) : [])].map(under);
  return [...shared.map(under), ...rules(0), '@media (prefers-color-scheme:dark){', ...rules(1), '}'].join('\n');
}
