import { inspect } from "node:util";
import { redactUrl } from "@ts-tars/mqtt";

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

/** One URL or several (separated by spaces, or by commas before a scheme), none of which shows its password. */
export function withoutCredentials(urls: string): string {
  return splitUrls(urls).map(redactUrl).join(" ");
}

/** The URLs of a text that may hold several: the nodes of a cluster. */
export function splitUrls(urls: string): readonly string[] {
  return urls.split(/\s+|,\s*(?=[a-z]+:\/\/)/iu).filter((url) => url !== "");
}
