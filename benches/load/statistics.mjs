// Medians over rounds.

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** What each round found, by name of the case. */
export class Rounds {
  #found = new Map();

  add(name, value) {
    if (!this.#found.has(name)) this.#found.set(name, []);
    this.#found.get(name).push(value);
  }

  /** All values of a case, in the order of the rounds. */
  of(name) {
    const values = this.#found.get(name);
    if (!values) throw new Error(`nothing was measured of ${name}`);
    return values;
  }

  median(name) {
    return median(this.of(name));
  }

  /** The ratio of two cases: taken within each round, because a machine has slow minutes; then median and spread. */
  ratio(name, yardstick) {
    const below = this.of(yardstick);
    const ratios = this.of(name).map((value, round) => value / below[round]);
    return { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
  }

  toJSON() {
    return Object.fromEntries(this.#found);
  }
}

/** The cases in the order of a round: each begins with another case, and every second runs backwards. */
export function order(cases, round) {
  const turned = cases.map((_, place) => cases[(place + round) % cases.length]);
  return round % 2 === 1 ? turned.reverse() : turned;
}
