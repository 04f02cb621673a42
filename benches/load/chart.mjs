// A line chart as SVG, written by hand: readable on light and on dark pages, because it brings its own background.

const WIDTH = 760;
const HEIGHT = 440;
const PLOT = { left: 64, right: 520, top: 68, bottom: 372 };
const COLOURS = ['#1b6ac9', '#c2410c', '#15803d', '#7e22ce', '#a16207', '#be185d', '#0f766e'];
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

const power = (value) => {
  const exponent = Math.round(Math.log10(value));
  return exponent === 1 ? '10' : `10${[...String(exponent)].map((digit) => SUPERSCRIPTS[digit]).join('')}`;
};
const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** `lines` is a list of `[name, values]`, one value for each of `sizes`; 1.0 is what the first size reaches. */
export function chart(title, subtitle, sizes, lines) {
  const highest = Math.max(1.2, Math.ceil(Math.max(...lines.flatMap(([, values]) => values)) * 5) / 5);
  const [from, to] = [Math.log10(sizes[0]), Math.log10(sizes.at(-1))];
  const x = (size) => PLOT.left + ((Math.log10(size) - from) / (to - from)) * (PLOT.right - PLOT.left);
  const y = (value) => PLOT.bottom - (value / highest) * (PLOT.bottom - PLOT.top);
  const at = (point) => point.toFixed(1);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="title" font-family="system-ui, sans-serif" font-size="13" fill="#222">`,
    `<title id="title">${escape(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" rx="8" fill="#fff"/>`,
    `<text x="20" y="26" font-size="16" font-weight="600">${escape(title)}</text>`,
    `<text x="20" y="45" fill="#555">${escape(subtitle)}</text>`,
  ];
  for (let value = 0; value <= highest + 1e-9; value += 0.2) {
    const isOne = Math.abs(value - 1) < 1e-9;
    parts.push(
      `<line x1="${PLOT.left}" x2="${PLOT.right}" y1="${at(y(value))}" y2="${at(y(value))}" stroke="${isOne ? '#444' : '#ddd'}"${isOne ? ' stroke-dasharray="5 4"' : ''}/>`,
      `<text x="${PLOT.left - 8}" y="${at(y(value) + 4)}" text-anchor="end"${isOne ? ' font-weight="600"' : ''}>${value.toFixed(1)}</text>`,
    );
  }
  for (const size of sizes) {
    parts.push(
      `<line x1="${at(x(size))}" x2="${at(x(size))}" y1="${PLOT.bottom}" y2="${PLOT.bottom + 5}" stroke="#444"/>`,
      `<text x="${at(x(size))}" y="${PLOT.bottom + 22}" text-anchor="middle">${power(size)}</text>`,
    );
  }
  parts.push(
    `<text x="${(PLOT.left + PLOT.right) / 2}" y="${PLOT.bottom + 46}" text-anchor="middle">accounts, grants and live refresh tokens</text>`,
  );
  // Names stand where their lines end, pushed apart so that none covers another.
  const labels = lines.map(([name, values], line) => ({ name, line, y: y(values.at(-1)) })).sort((a, b) => a.y - b.y);
  for (let place = 1; place < labels.length; place += 1)
    labels[place].y = Math.max(labels[place].y, labels[place - 1].y + 18);
  const below = labels.length > 0 ? Math.max(0, labels.at(-1).y - PLOT.bottom) : 0;
  for (const label of labels) label.y -= below;
  lines.forEach(([, values], line) => {
    const colour = COLOURS[line % COLOURS.length];
    const points = values.map((value, place) => [at(x(sizes[place])), at(y(value))]);
    parts.push(
      `<polyline points="${points.map((point) => point.join(',')).join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    );
    for (const [cx, cy] of points) parts.push(`<circle cx="${cx}" cy="${cy}" r="3.5" fill="${colour}"/>`);
  });
  for (const { name, line, y: height } of labels) {
    const last = lines[line][1].at(-1);
    const colour = COLOURS[line % COLOURS.length];
    parts.push(
      `<line x1="${PLOT.right + 6}" x2="${PLOT.right + 26}" y1="${at(y(last))}" y2="${at(height)}" stroke="${colour}"/>`,
      `<text x="${PLOT.right + 30}" y="${at(height + 4)}" fill="${colour}">${escape(name)} ${last.toFixed(2)}</text>`,
    );
  }
  return `${[...parts, '</svg>'].join('\n')}\n`;
}
