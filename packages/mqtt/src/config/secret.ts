const INSPECT: unique symbol = Symbol.for("nodejs.util.inspect.custom");

const MASK = "[secret]";

/** A text that can be passed on and looked at everywhere without being seen; only `reveal` gives it out. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The text itself. Ask for it where it is used, and keep it no longer than that. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [INSPECT](): string {
    return MASK;
  }
}
