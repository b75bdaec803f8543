/**
 * What is wrong with options beyond their numbers: names that MQTT cannot carry, parts that contradict each other.
 * Pure. Values may be of any type here, for not every caller has a compiler.
 */
import { isValidTopicName } from "./contract/index.ts";
import type { ConnectOptions } from "./options.ts";

const PROTOCOLS: readonly unknown[] = [undefined, "auto", "5", "3.1.1"];
const COMPATS: readonly unknown[] = [undefined, "five-keys"];
/** Peers refuse an envelope with a longer source. */
const MAX_NAME_LENGTH = 256;
const MIN_HEARTBEAT_MS = 1_000;

/** One sentence for each fault, by the full name of the option. */
export function faultsOfOptions(options: ConnectOptions): readonly string[] {
  return [
    ...faultsOfNames(options),
    ...faultsOfSession(options),
    ...faultsOfTls(options),
    ...faultsOfPresence(options),
    ...faultsOfPrefixes(options),
  ];
}

function faultsOfNames({ protocol, clientId, source, compat, state }: ConnectOptions): readonly string[] {
  return [
    ...when(!PROTOCOLS.includes(protocol), `protocol is ${JSON.stringify(protocol)}; it must be auto, 5 or 3.1.1`),
    ...when(!COMPATS.includes(compat), `compat is ${JSON.stringify(compat)}; it must be five-keys, or left out`),
    ...when(
      clientId !== undefined && !isName(clientId),
      `clientId must be a name of 1 to ${MAX_NAME_LENGTH} characters that no other client has; leave it out for a random one`,
    ),
    ...when(
      state !== undefined && typeof state?.open !== "function",
      "state must be made by stateDirectory() of @ts-tars/mqtt/outbox",
    ),
    ...when(source !== undefined && !isName(source), `source must be a name of 1 to ${MAX_NAME_LENGTH} characters`),
  ];
}

function faultsOfSession({ clientId, cleanStart }: ConnectOptions): readonly string[] {
  return when(
    clientId === undefined && cleanStart === false,
    "cleanStart is false without a clientId; nobody could come back to the session of a random one",
  );
}

function faultsOfTls({ tls }: ConnectOptions): readonly string[] {
  if (tls === undefined || typeof tls === "function") return [];
  const [given, missing] = tls.cert === undefined ? ["key", "cert"] : ["cert", "key"];
  return when(
    (tls.cert === undefined) !== (tls.key === undefined),
    `tls.${given} is given without tls.${missing}; a client certificate needs both`,
  );
}

function faultsOfPresence({ presence, heartbeat }: ConnectOptions): readonly string[] {
  const intervalMs = heartbeat?.intervalMs;
  return [
    ...when(
      presence !== undefined && presence.topic.delivery !== "state",
      `presence.topic is ${presence?.topic.filter}, which is no state; only a retained value can be looked up`,
    ),
    ...when(
      intervalMs !== undefined && !(intervalMs >= MIN_HEARTBEAT_MS),
      `heartbeat.intervalMs is ${intervalMs}; it must be at least ${MIN_HEARTBEAT_MS}`,
    ),
  ];
}

function faultsOfPrefixes({ heartbeat, deadLetters }: ConnectOptions): readonly string[] {
  const prefixes = [
    ["heartbeat.topicPrefix", heartbeat?.topicPrefix],
    ["deadLetters.prefix", deadLetters?.prefix],
  ] as const;
  return prefixes.flatMap(([name, prefix]) =>
    when(
      prefix !== undefined && !isTopicPrefix(prefix),
      `${name} is ${JSON.stringify(prefix)}; it must be a topic without wildcards, and without a slash at its end`,
    ),
  );
}

function isTopicPrefix(prefix: unknown): boolean {
  return typeof prefix === "string" && isValidTopicName(prefix) && !prefix.startsWith("$") && !prefix.endsWith("/");
}

function isName(name: unknown): boolean {
  return typeof name === "string" && name !== "" && name.length <= MAX_NAME_LENGTH && !name.includes("\0");
}

function when(isFault: boolean, sentence: string): readonly string[] {
  return isFault ? [sentence] : [];
}
