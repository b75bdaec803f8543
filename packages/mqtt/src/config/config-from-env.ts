import { ConfigurationError } from "../errors.ts";
import type { ConnectOptions } from "../options.ts";
import { addressOf, type BrokerUrl, parseBrokerUrl } from "./broker-url.ts";
import { type Environment, EnvReader } from "./env-reader.ts";
import { credentialsFromFile, type NamedFile, tlsFromFiles } from "./file-values.ts";

/** What the environment says about the client. */
export interface EnvConfig {
  /** Shows no password, whoever looks at it. */
  readonly options: ConnectOptions;
  /** `MQTT_ENABLE_HEALTH`: the caller, who knows the topic, then gives `presence`. */
  readonly health: boolean;
  /** `MQTT_STATE_DIR`, for what has to survive a restart. */
  readonly stateDir: string | undefined;
  /** Sentences for the log: variables nobody knows, values that were raised. */
  readonly warnings: readonly string[];
}

/** Must match the defaults of `ConnectOptions`: the cross-field rules need them where only one half is given. */
const DEFAULT_RECONNECT_MIN_SEC = 0.5;
const DEFAULT_RECONNECT_MAX_SEC = 5;
const DEFAULT_HEARTBEAT_SEC = 5;

/** A day; whoever writes more has taken the unit for milliseconds. */
const MAX_DELAY_SEC = 86_400;

/** A message may wait 10 minutes in a publisher's outbox, and be sent again a moment after it arrived. */
const MIN_DEDUPE_SEC = 660;

/**
 * Reads the `MQTT_…` variables: the reference's names and bounds (numbers of seconds), and ours. Pure: files are read
 * by the functions in `credentials` and `tls`, at each connection attempt.
 *
 * @throws {ConfigurationError} with every problem at once, by the variables' full names and without secrets.
 */
export function configFromEnv(env: Environment): EnvConfig {
  const reader = new EnvReader(env);
  const warnings: string[] = [];
  const urls = readUrls(reader);
  const options: ConnectOptions = {
    url: urls.map(addressOf),
    ...readIdentity(reader),
    ...readCredentials(reader, urls),
    ...readTls(reader, urls, warnings),
    ...readSession(reader),
    ...readReconnect(reader),
    ...readDedupe(reader, warnings),
    ...readHeartbeat(reader),
  };
  const health = reader.flag("MQTT_ENABLE_HEALTH") ?? false;
  const stateDir = reader.text("MQTT_STATE_DIR");
  for (const name of reader.unknown("MQTT_")) warnings.push(`${name} is not a known variable and has no effect`);
  if (reader.problems.length > 0) throw new ConfigurationError({ problems: reader.problems });
  return { options, health, stateDir, warnings };
}

/** One address, or the nodes of a cluster: separated by spaces, or by commas before a scheme. */
function readUrls(reader: EnvReader): readonly BrokerUrl[] {
  const text = reader.required("MQTT_URL", "set it to the broker's address, such as mqtt://localhost:1883");
  return (text ?? "")
    .split(/\s+|,\s*(?=[a-z]+:\/\/)/i)
    .filter((part) => part !== "")
    .flatMap((part) => {
      try {
        return [parseBrokerUrl(part)];
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error;
        reader.problems.push(...error.problems.map((problem) => `MQTT_URL: ${problem}`));
        return [];
      }
    });
}

function readIdentity(reader: EnvReader): Partial<ConnectOptions> {
  const hint = "set it to a name that no other client of the broker has, such as tars-stt";
  const clientId = reader.required("MQTT_CLIENT_ID", hint);
  const source = reader.text("MQTT_SOURCE_NAME");
  return { ...(clientId !== undefined && { clientId }), ...(source !== undefined && { source }) };
}

/** User and password leave the address here, so that no list of options can show them. */
function readCredentials(reader: EnvReader, urls: readonly BrokerUrl[]): Partial<ConnectOptions> {
  const users = new Set(urls.flatMap((url) => url.username ?? []));
  const passwords = new Set(urls.flatMap((url) => url.password?.reveal() ?? []));
  if (users.size > 1 || passwords.size > 1) {
    reader.problems.push("MQTT_URL: the addresses have different users or passwords; one of them is used for all");
  }
  const [user, password] = [[...users][0], [...passwords][0]];
  const ownUser = reader.text("MQTT_USERNAME");
  const ownPassword = reader.text("MQTT_PASSWORD");
  const file = namedFile(reader, "MQTT_PASSWORD_FILE");
  refuseTwice(reader, "user", { MQTT_URL: user, MQTT_USERNAME: ownUser });
  refuseTwice(reader, "password", { MQTT_URL: password, MQTT_PASSWORD: ownPassword, MQTT_PASSWORD_FILE: file });
  const username = ownUser ?? user;
  if (file !== undefined) return { credentials: credentialsFromFile(username, file) };
  const value = ownPassword ?? password;
  if (username === undefined && value === undefined) return {};
  const credentials = { ...(username !== undefined && { username }), ...(value !== undefined && { password: value }) };
  return { credentials: () => credentials };
}

function refuseTwice(reader: EnvReader, what: string, sources: Readonly<Record<string, unknown>>): void {
  const named = Object.keys(sources).filter((name) => sources[name] !== undefined);
  if (named.length > 1) reader.problems.push(`${named.join(" and ")} each give a ${what}; keep one of them`);
}

function readTls(reader: EnvReader, urls: readonly BrokerUrl[], warnings: string[]): Partial<ConnectOptions> {
  const ca = namedFile(reader, "MQTT_CA_FILE");
  const cert = namedFile(reader, "MQTT_CERT_FILE");
  const key = namedFile(reader, "MQTT_KEY_FILE");
  if ((cert === undefined) !== (key === undefined)) {
    reader.problems.push("MQTT_CERT_FILE and MQTT_KEY_FILE belong together; set both or none");
  }
  const given = [ca, cert, key].flatMap((file) => file?.variable ?? []);
  if (given.length === 0) return {};
  if (urls.some(({ protocol }) => protocol === "mqtt" || protocol === "ws")) {
    warnings.push(`${given.join(", ")} have no effect on an address without TLS; use mqtts or wss in MQTT_URL`);
  }
  return { tls: tlsFromFiles({ ca, cert, key }) };
}

function namedFile(reader: EnvReader, variable: string): NamedFile | undefined {
  const path = reader.text(variable);
  return path === undefined ? undefined : { variable, path };
}

/** A session expiry is a number of seconds in four bytes. */
const MAX_EXPIRY_SEC = 0xffff_ffff;

function readSession(reader: EnvReader): Partial<ConnectOptions> {
  const protocol = reader.choice("MQTT_PROTOCOL", ["auto", "5", "3.1.1"]);
  const compat = reader.choice("MQTT_COMPAT", ["off", "five-keys"]);
  const cleanStart = reader.flag("MQTT_CLEAN_START");
  const keepaliveSec = reader.number("MQTT_KEEPALIVE", { min: 1, max: 3_600, isWhole: true, unit: "seconds" });
  const expiry = { min: 0, max: MAX_EXPIRY_SEC, isWhole: true, unit: "seconds" };
  const sessionExpirySec = reader.number("MQTT_SESSION_EXPIRY", expiry);
  return {
    ...(protocol !== undefined && { protocol }),
    ...(compat === "five-keys" && { compat }),
    ...(cleanStart !== undefined && { cleanStart }),
    ...(keepaliveSec !== undefined && { keepaliveSec }),
    ...(sessionExpirySec !== undefined && { sessionExpirySec }),
  };
}

function readReconnect(reader: EnvReader): Partial<ConnectOptions> {
  const min = reader.number("MQTT_RECONNECT_MIN_DELAY", { min: 0.1, max: MAX_DELAY_SEC, unit: "seconds" });
  const max = reader.number("MQTT_RECONNECT_MAX_DELAY", { min: 0.5, max: MAX_DELAY_SEC, unit: "seconds" });
  const [minSec, maxSec] = [min ?? DEFAULT_RECONNECT_MIN_SEC, max ?? DEFAULT_RECONNECT_MAX_SEC];
  if (minSec > maxSec) {
    reader.problems.push(
      `MQTT_RECONNECT_MAX_DELAY (${maxSec} s) is less than MQTT_RECONNECT_MIN_DELAY (${minSec} s); equal is allowed`,
    );
  }
  if (min === undefined && max === undefined) return {};
  return { reconnect: { minDelayMs: minSec * 1_000, maxDelayMs: maxSec * 1_000 } };
}

function readDedupe(reader: EnvReader, warnings: string[]): Partial<ConnectOptions> {
  const ttlSec = reader.number("MQTT_DEDUPE_TTL", { min: 0, unit: "seconds" });
  const maxEntries = reader.number("MQTT_DEDUPE_MAX_ENTRIES", { min: 0, isWhole: true, unit: "messages" });
  if (ttlSec !== undefined && ttlSec > 0 && maxEntries === 0) {
    reader.problems.push("MQTT_DEDUPE_TTL is above 0, so MQTT_DEDUPE_MAX_ENTRIES must be above 0 too");
  }
  // The reference counts no entries as "off", whatever the time.
  if (ttlSec === 0 || maxEntries === 0) return { dedupe: { ttlMs: 0 } };
  if (ttlSec !== undefined && ttlSec < MIN_DEDUPE_SEC) {
    warnings.push(
      `MQTT_DEDUPE_TTL is ${ttlSec} s and was raised to ${MIN_DEDUPE_SEC} s: a message can arrive again that late`,
    );
  }
  const dedupe = {
    ...(ttlSec !== undefined && { ttlMs: Math.max(ttlSec, MIN_DEDUPE_SEC) * 1_000 }),
    ...(maxEntries !== undefined && { maxEntries }),
  };
  return Object.keys(dedupe).length === 0 ? {} : { dedupe };
}

function readHeartbeat(reader: EnvReader): Partial<ConnectOptions> {
  const isOn = reader.flag("MQTT_ENABLE_HEARTBEAT") ?? false;
  const intervalSec = reader.number("MQTT_HEARTBEAT_INTERVAL", { min: 1, max: MAX_DELAY_SEC, unit: "seconds" });
  return isOn ? { heartbeat: { intervalMs: (intervalSec ?? DEFAULT_HEARTBEAT_SEC) * 1_000 } } : {};
}
