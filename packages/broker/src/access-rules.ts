/**
 * What a user may do at a broker, and how the two brokers are told. Pure.
 *
 * A right is an MQTT topic filter. Reading is decided by the topic of each message, so a shared subscription needs the right
 * to its plain filter, and nothing else.
 */

/** Filters of topics; everything else is refused. */
export interface AccessRights {
  readonly publishes: readonly string[];
  readonly subscribes: readonly string[];
}

/** A user of the broker; without rights it may do everything but the broker's own `$` topics. */
export interface AccessRule {
  readonly username: string;
  readonly rights?: AccessRights;
}

const EVERYTHING: AccessRights = { publishes: ["#"], subscribes: ["#"] };

/**
 * The text of a Mosquitto `acl_file`, sorted, one line a filter.
 *
 * @throws {TypeError} when a name or filter means something else in such a file than it says, or no filter is one.
 */
export function renderMosquittoAcl(rules: readonly AccessRule[]): string {
  requireRules(rules);
  return rules.map(renderRule).join("\n");
}

/** @throws {TypeError} when a name or filter could not stand in an access list. */
export function requireRules(rules: readonly AccessRule[]): void {
  for (const { username, rights = EVERYTHING } of rules) {
    requireWritable("user name", username);
    for (const filter of [...rights.publishes, ...rights.subscribes]) requireFilter(filter);
  }
}

function renderRule({ username, rights = EVERYTHING }: AccessRule): string {
  const { publishes, subscribes } = rights;
  const filters = [...new Set([...publishes, ...subscribes])].toSorted();
  const lines = filters.map((filter) => {
    const isWritten = publishes.includes(filter);
    const isRead = subscribes.includes(filter);
    return `topic ${isWritten && isRead ? "readwrite" : isWritten ? "write" : "read"} ${filter}`;
  });
  return `${[`user ${username}`, ...lines].join("\n")}\n`;
}

/** Whether this user may publish to the topic. */
export function mayPublish({ publishes }: AccessRights, topic: string): boolean {
  return publishes.some((right) => covers(right, topic));
}

/** Whether all that a subscription of this filter would bring may be read. */
export function maySubscribe({ subscribes }: AccessRights, filter: string): boolean {
  const plain = filter.startsWith("$share/") ? filter.split("/").slice(2).join("/") : filter;
  return subscribes.some((right) => covers(right, plain));
}

/** Whether each topic of `wanted`, which may hold wildcards itself, is one of `right`. */
function covers(right: string, wanted: string): boolean {
  const levels = right.split("/");
  const given = wanted.split("/");
  // Topics of the broker's own are not meant by a wildcard in front.
  if (wanted.startsWith("$") && (levels[0] === "#" || levels[0] === "+")) return false;
  for (const [index, level] of levels.entries()) {
    if (level === "#") return true;
    const actual = given[index];
    if (actual === undefined || actual === "#" || (level !== "+" && level !== actual)) return false;
  }
  return levels.length === given.length;
}

/** Mosquitto takes the rest of a line, without the blanks at its ends, and knows no escapes. */
function requireWritable(what: string, text: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in it
  if (text === "" || text !== text.trim() || /[\u0000-\u001f\u007f]/u.test(text)) {
    throw new TypeError(
      `The ${what} ${JSON.stringify(text)} cannot stand in an access list: it is empty, or holds control characters or blanks at its ends.`,
    );
  }
}

function requireFilter(filter: string): void {
  requireWritable("topic filter", filter);
  const levels = filter.split("/");
  const isFilter = levels.every((level, index) => {
    if (level === "#") return index === levels.length - 1;
    return level === "+" || !/[+#]/u.test(level);
  });
  if (!isFilter)
    throw new TypeError(`${JSON.stringify(filter)} is no topic filter: + is a whole level, # the whole last one.`);
  if (filter.startsWith("$share/")) {
    throw new TypeError(
      `${filter} is a shared filter; a right is the plain one, ${filter.split("/").slice(2).join("/")}.`,
    );
  }
}
