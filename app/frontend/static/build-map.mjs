/**
 * Draws world.svg once, so that no map library runs in the service or the browser:
 *
 *   node app/frontend/static/build-map.mjs
 *
 * Equirectangular on 1000 x 500, so the page's marker is x = (lon + 180) / 360 * 1000, y = (90 - lat) / 180 * 500. Land only: a map
 * without borders takes no side about them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { geoEquirectangular, geoPath } from 'd3-geo';
import { feature } from 'topojson-client';

const WIDTH = 1000;
const HEIGHT = 500;

const atlas = JSON.parse(readFileSync(createRequire(import.meta.url).resolve('world-atlas/land-110m.json'), 'utf8'));
const projection = geoEquirectangular()
  .translate([WIDTH / 2, HEIGHT / 2])
  .scale(WIDTH / (2 * Math.PI))
  .precision(0);
const land = geoPath(projection).digits(1)(feature(atlas, atlas.objects.land));
const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}"><path id="land" d="${land}"/></svg>\n`;
const target = join(dirname(fileURLToPath(import.meta.url)), 'world.svg');
writeFileSync(target, svg);
process.stdout.write(`${target}: ${svg.length} bytes\n`);
