import type { Labels } from "@ts-tars/mqtt";

/** The whole robot has some sixty topics, and no other label has ten values. */
export const SERIES_MAX = 500;

/** What the labels say of everything beyond the limit. */
const OTHER = "other";

/**
 * Bounds how many combinations of labels one measurement may have: each is a series of its own at whoever stores them, for ever.
 * Topics are declared names, so a robot never comes near; a program that declares topics as it goes would. Pure.
 */
export class SeriesLimit {
  readonly #max: number;
  readonly #known = new Map<string, Set<string>>();

  constructor(max: number = SERIES_MAX) {
    this.#max = max;
  }

  /** The labels as they are, or with all their values `other` once there are too many combinations. */
  admit(name: string, labels: Labels): Labels {
    const values = Object.values(labels);
    if (values.length === 0) return labels;
    const series = values.join("\0");
    const known = this.#known.get(name) ?? new Set();
    if (known.has(series)) return labels;
    if (known.size >= this.#max) return Object.fromEntries(Object.keys(labels).map((label) => [label, OTHER]));
    known.add(series);
    this.#known.set(name, known);
    return labels;
  }
}
