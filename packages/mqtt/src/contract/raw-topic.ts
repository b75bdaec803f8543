import type { RawTopic } from "./topic.ts";
import { isValidFilter } from "./topic-filter.ts";

/**
 * A foreign filter, such as `$SYS/#`: no contract, the payload is handed over as bytes.
 *
 * @throws {TypeError} when it is not a valid MQTT filter, or a shared one (`share` is an option of `subscribe`).
 */
export function rawTopic(filter: string): RawTopic {
  if (typeof filter !== "string" || !isValidFilter(filter)) {
    throw new TypeError(
      `${JSON.stringify(filter)} is not a valid MQTT filter: + is a whole level, # the whole last one`,
    );
  }
  if (filter.startsWith("$share/")) {
    throw new TypeError(`${filter} is a shared filter; give the plain filter, and the group as the option share`);
  }
  return Object.freeze({ raw: true, filter });
}
