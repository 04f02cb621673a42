// Markdown tables: one for each part, always with the same columns.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { TARGET } from './settings.mjs';

const HEADER = ['what', 'figure', 'yardstick', 'ratio', 'goal'];

/** A number as people read it: three digits that count, thousands set apart. */
export function number(value) {
  const rounded = value >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
  return rounded.toLocaleString('en-US', { maximumFractionDigits: 6 });
}

export const rate = (value) => `${number(value)}/s`;

/** A ratio with its spread over the rounds. */
export function ratio({ median, least, most }) {
  return `${median.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`;
}

/** A goal, and whether it was met. */
export const atLeast = (goal, value) => `≥ ${goal} ${value >= goal ? '✓' : '✗'}`;
export const atMost = (goal, value, unit = '') => `≤ ${goal}${unit} ${value <= goal ? '✓' : '✗'}`;

function markdown(header, rows) {
  const line = (cells) => `| ${header.map((_, column) => cells[column] ?? '').join(' | ')} |`;
  return [line(header), line(header.map((_, column) => (column === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

/** A table with a heading, and notes under it. Each row is `[what, figure, yardstick, ratio, goal]`. */
export function table(heading, rows, notes = []) {
  return [`### ${heading}`, '', markdown(HEADER, rows), '', ...notes.flatMap((note) => [note, ''])].join('\n');
}

// --- the guards, measured by `cargo bench --bench guards` -----------------------------------------------------------

/** What criterion's figures are to be: at most so many nanoseconds, or so many times their yardstick. */
const GUARD_GOALS = {
  'guard/basic/warm': { nanoseconds: 2000 },
  'guard/jwt/warm': { nanoseconds: 2000 },
  'guard/oauth/warm': { nanoseconds: 2000 },
  'guard/jwt_revocable/warm': { yardstick: 'guard/jwt/warm' },
  'guard/basic/cold': { yardstick: 'bare/argon2id', times: 1.2 },
  'guard/jwt/cold': { yardstick: 'bare/verify/ES256', times: 1.2 },
  'guard/oauth/cold': { yardstick: 'bare/verify/ES256', times: 1.2 },
};

/** The medians that criterion left, in nanoseconds, by `group/name`. */
function guardMedians() {
  const folder = join(TARGET, 'criterion');
  const medians = new Map();
  if (!existsSync(folder)) return medians;
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(join('new', 'estimates.json')));
  for (const file of files.sort()) {
    const { median } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    medians.set(file.slice(0, -'/new/estimates.json'.length), median.point_estimate);
  }
  return medians;
}

/** The table of the guards, or nothing where they were not measured. */
export function guards() {
  const medians = guardMedians();
  if (medians.size === 0) return undefined;
  const rows = [...medians].map(([name, nanoseconds]) => {
    const { yardstick, times, nanoseconds: most } = GUARD_GOALS[name] ?? {};
    const below = medians.get(yardstick);
    const of = below && nanoseconds / below;
    return [
      name,
      `${number(nanoseconds)} ns`,
      below && `${yardstick}: ${number(below)} ns`,
      of && of.toFixed(2),
      most ? atMost(most, nanoseconds, ' ns') : of && times ? atMost(times, of) : undefined,
    ];
  });
  return { text: table('The guards alone', rows), medians: Object.fromEntries(medians) };
}
