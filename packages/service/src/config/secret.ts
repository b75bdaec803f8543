import { inspect } from "node:util";

/**
 * A value that must not be seen: it prints, logs and serialises as `[secret]`, and only `reveal` gives it away.
 * Call `reveal` where the value leaves the process (a header, a CONNECT packet), not before.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }

  [inspect.custom](): string {
    return "[secret]";
  }
}

/** The URL with user name and password hidden; text that is no URL is treated alike. */
export function withoutCredentials(url: string): string {
  return url.replace(/\/\/[^/?#\s]*@/gu, "//***@");
}
