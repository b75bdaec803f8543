/** `ConnectOptions` with every default filled in and every value checked. */
import { randomBytes } from "node:crypto";
import { type BrokerUrl, parseBrokerUrl } from "./config/broker-url.ts";
import { ConfigurationError } from "./errors.ts";
import { faultsOfOptions } from "./option-faults.ts";
import type { ConnectOptions } from "./options.ts";

export interface ResolvedOptions extends ConnectOptions {
  readonly urls: readonly BrokerUrl[];
  readonly clientId: string;
  readonly source: string;
  readonly protocol: "auto" | "5" | "3.1.1";
  readonly cleanStart: boolean;
  readonly sessionExpirySec: number;
  readonly keepaliveSec: number;
  readonly watchdog: { readonly probeAfterMs: number; readonly probeTimeoutMs: number };
  readonly attemptTimeoutMs: number;
  readonly backoff: { readonly minDelayMs: number; readonly maxDelayMs: number };
  readonly receiveMaximum: number;
  readonly sendWindow: number;
  readonly concurrency: number;
  readonly outboxBounds: { readonly maxMessages: number; readonly maxBytes: number; readonly maxAgeMs: number };
  readonly dedupeBounds: { readonly ttlMs: number; readonly maxEntries: number };
  readonly maxPayloadBytes: number;
  readonly drainMs: number;
  readonly deadLetterOptions: {
    readonly service: string;
    readonly prefix: string;
    readonly max: number;
    readonly maxAgeMs: number;
    readonly perSecond: number;
  };
}

const DAY_MS = 86_400_000;

const DEFAULTS = {
  sessionExpirySec: 3_600,
  keepaliveSec: 15,
  probeMs: 5_000,
  attemptTimeoutMs: 5_000,
  minDelayMs: 500,
  maxDelayMs: 5_000,
  receiveMaximum: 200,
  sendWindow: 100,
  concurrency: 64,
  outboxMessages: 10_000,
  outboxBytes: 32 * 1024 * 1024,
  outboxAgeMs: 600_000,
  dedupeTtlMs: 900_000,
  dedupeEntries: 65_536,
  maxPayloadBytes: 256 * 1024,
  drainMs: 5_000,
} as const;

/** A message may come again as late as the outbox keeps it, and a minute. */
const DEDUPE_MARGIN_MS = 60_000;

/** @throws {ConfigurationError} with every problem at once. */
export function resolveOptions(options: ConnectOptions): ResolvedOptions {
  const reader = new NumberReader();
  const urls = readUrls(options.url, reader.problems);
  reader.problems.push(...faultsOfOptions(options));
  const clientId = options.clientId ?? `anonymous-${randomBytes(8).toString("hex")}`;
  const source = options.source ?? clientId;
  const resolved: ResolvedOptions = {
    ...options,
    urls,
    clientId,
    source,
    protocol: options.protocol ?? "auto",
    ...readSession(options, reader),
    ...readTimes(options, reader),
    backoff: readBackoff(options, reader),
    ...readWindows(options, reader),
    ...readBounds(options, reader),
    deadLetterOptions: readDeadLetters(options, { reader, service: source }),
  };
  if (reader.problems.length > 0) throw new ConfigurationError({ problems: reader.problems });
  return resolved;
}

/** Reads numbers and collects what is wrong with them. */
class NumberReader {
  readonly problems: string[] = [];

  read(
    name: string,
    value: number | undefined,
    spec: { readonly fallback: number; readonly min: number; readonly max?: number },
  ): number {
    const { fallback, min, max = Number.MAX_SAFE_INTEGER } = spec;
    const chosen = value ?? fallback;
    if (Number.isFinite(chosen) && chosen >= min && chosen <= max) return chosen;
    this.problems.push(`${name} is ${chosen}; it must be a number from ${min} to ${max}`);
    return fallback;
  }
}

function readUrls(url: string | readonly string[], problems: string[]): readonly BrokerUrl[] {
  const texts: unknown = typeof url === "string" ? [url] : url;
  if (!Array.isArray(texts) || texts.length === 0 || texts.some((text) => typeof text !== "string")) {
    problems.push("url is missing; give the broker's address such as mqtt://localhost:1883, or a list of them");
    return [];
  }
  return texts.flatMap((text: string) => {
    try {
      return [parseBrokerUrl(text)];
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      problems.push(...error.problems);
      return [];
    }
  });
}

/** Without a client id there is no session that anybody could come back to. */
function readSession({ clientId, cleanStart, sessionExpirySec }: ConnectOptions, reader: NumberReader) {
  const expiry = reader.read("sessionExpirySec", sessionExpirySec, {
    fallback: DEFAULTS.sessionExpirySec,
    min: 0,
    max: 0xffff_ffff,
  });
  return { cleanStart: cleanStart ?? clientId === undefined, sessionExpirySec: clientId === undefined ? 0 : expiry };
}

function readTimes(options: ConnectOptions, reader: NumberReader) {
  return {
    keepaliveSec: reader.read("keepaliveSec", options.keepaliveSec, {
      fallback: DEFAULTS.keepaliveSec,
      min: 1,
      max: 65_535,
    }),
    watchdog: {
      probeAfterMs: reader.read("probeAfterMs", options.probeAfterMs, { fallback: DEFAULTS.probeMs, min: 1 }),
      probeTimeoutMs: reader.read("probeTimeoutMs", options.probeTimeoutMs, { fallback: DEFAULTS.probeMs, min: 1 }),
    },
    attemptTimeoutMs: reader.read("attemptTimeoutMs", options.attemptTimeoutMs, {
      fallback: DEFAULTS.attemptTimeoutMs,
      min: 1,
    }),
    drainMs: reader.read("drainMs", options.drainMs, { fallback: DEFAULTS.drainMs, min: 0 }),
  };
}

function readBackoff({ reconnect }: ConnectOptions, reader: NumberReader): ResolvedOptions["backoff"] {
  const range = { min: 1, max: DAY_MS };
  const minDelayMs = reader.read("reconnect.minDelayMs", reconnect?.minDelayMs, {
    fallback: DEFAULTS.minDelayMs,
    ...range,
  });
  const maxDelayMs = reader.read("reconnect.maxDelayMs", reconnect?.maxDelayMs, {
    fallback: DEFAULTS.maxDelayMs,
    ...range,
  });
  if (maxDelayMs < minDelayMs) {
    reader.problems.push(`reconnect.maxDelayMs (${maxDelayMs}) is less than reconnect.minDelayMs (${minDelayMs})`);
  }
  return { minDelayMs, maxDelayMs };
}

function readWindows(options: ConnectOptions, reader: NumberReader) {
  return {
    receiveMaximum: reader.read("receiveMaximum", options.receiveMaximum, {
      fallback: DEFAULTS.receiveMaximum,
      min: 1,
      max: 65_535,
    }),
    sendWindow: reader.read("sendWindow", options.sendWindow, { fallback: DEFAULTS.sendWindow, min: 1, max: 60_000 }),
    concurrency: reader.read("concurrency", options.concurrency, { fallback: DEFAULTS.concurrency, min: 1 }),
  };
}

function readBounds({ outbox, dedupe, maxPayloadBytes }: ConnectOptions, reader: NumberReader) {
  const maxAgeMs = reader.read("outbox.maxAgeMs", outbox?.maxAgeMs, { fallback: DEFAULTS.outboxAgeMs, min: 1 });
  const ttlMs = reader.read("dedupe.ttlMs", dedupe?.ttlMs, { fallback: DEFAULTS.dedupeTtlMs, min: 0 });
  return {
    outboxBounds: {
      maxMessages: reader.read("outbox.maxMessages", outbox?.maxMessages, {
        fallback: DEFAULTS.outboxMessages,
        min: 1,
      }),
      maxBytes: reader.read("outbox.maxBytes", outbox?.maxBytes, { fallback: DEFAULTS.outboxBytes, min: 1 }),
      maxAgeMs,
    },
    dedupeBounds: {
      ttlMs: ttlMs === 0 ? 0 : Math.max(ttlMs, maxAgeMs + DEDUPE_MARGIN_MS),
      maxEntries: reader.read("dedupe.maxEntries", dedupe?.maxEntries, { fallback: DEFAULTS.dedupeEntries, min: 1 }),
    },
    maxPayloadBytes: reader.read("maxPayloadBytes", maxPayloadBytes, {
      fallback: DEFAULTS.maxPayloadBytes,
      min: 1,
      max: 268_435_455,
    }),
  };
}

function readDeadLetters(
  { deadLetters }: ConnectOptions,
  { reader, service }: { readonly reader: NumberReader; readonly service: string },
): ResolvedOptions["deadLetterOptions"] {
  return {
    // It becomes one level of a topic.
    service: (deadLetters?.service ?? service).replace(/[/+#\0]/g, "_"),
    prefix: deadLetters?.prefix ?? "dead",
    max: reader.read("deadLetters.max", deadLetters?.max, { fallback: 200, min: 0 }),
    maxAgeMs: reader.read("deadLetters.maxAgeMs", deadLetters?.maxAgeMs, { fallback: 7 * DAY_MS, min: 1 }),
    perSecond: reader.read("deadLetters.perSecond", deadLetters?.perSecond, { fallback: 5, min: 0 }),
  };
}
