/** `ConnectOptions` with every default filled in and every value checked. */
import { randomBytes } from "node:crypto";
import { type BrokerUrl, parseBrokerUrl } from "./config/index.ts";
import { ConfigurationError } from "./errors.ts";
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
  const problems: string[] = [];
  const whole = (
    name: string,
    value: number | undefined,
    fallback: number,
    [min, max]: readonly [number, number],
  ): number => {
    const chosen = value ?? fallback;
    if (Number.isFinite(chosen) && chosen >= min && chosen <= max) return chosen;
    problems.push(`${name} is ${chosen}; it must be a number from ${min} to ${max}`);
    return fallback;
  };
  const limit = Number.MAX_SAFE_INTEGER;
  const clientId = options.clientId ?? `anonymous-${randomBytes(8).toString("hex")}`;
  if (options.clientId === "") problems.push("clientId is empty; leave it out or give a name that no other client has");
  const maxAgeMs = whole("outbox.maxAgeMs", options.outbox?.maxAgeMs, DEFAULTS.outboxAgeMs, [1, limit]);
  const dedupeTtlMs = whole("dedupe.ttlMs", options.dedupe?.ttlMs, DEFAULTS.dedupeTtlMs, [0, limit]);
  const resolved: ResolvedOptions = {
    ...options,
    urls: readUrls(options.url, problems),
    clientId,
    source: options.source ?? clientId,
    protocol: options.protocol ?? "auto",
    cleanStart: options.cleanStart ?? options.clientId === undefined,
    sessionExpirySec:
      options.clientId === undefined
        ? 0
        : whole("sessionExpirySec", options.sessionExpirySec, DEFAULTS.sessionExpirySec, [0, 0xffff_ffff]),
    keepaliveSec: whole("keepaliveSec", options.keepaliveSec, DEFAULTS.keepaliveSec, [1, 65_535]),
    watchdog: {
      probeAfterMs: whole("probeAfterMs", options.probeAfterMs, DEFAULTS.probeMs, [1, limit]),
      probeTimeoutMs: whole("probeTimeoutMs", options.probeTimeoutMs, DEFAULTS.probeMs, [1, limit]),
    },
    attemptTimeoutMs: whole("attemptTimeoutMs", options.attemptTimeoutMs, DEFAULTS.attemptTimeoutMs, [1, limit]),
    backoff: readBackoff(options, whole, problems),
    receiveMaximum: whole("receiveMaximum", options.receiveMaximum, DEFAULTS.receiveMaximum, [1, 65_535]),
    sendWindow: whole("sendWindow", options.sendWindow, DEFAULTS.sendWindow, [1, 60_000]),
    concurrency: whole("concurrency", options.concurrency, DEFAULTS.concurrency, [1, limit]),
    outboxBounds: {
      maxMessages: whole("outbox.maxMessages", options.outbox?.maxMessages, DEFAULTS.outboxMessages, [1, limit]),
      maxBytes: whole("outbox.maxBytes", options.outbox?.maxBytes, DEFAULTS.outboxBytes, [1, limit]),
      maxAgeMs,
    },
    dedupeBounds: {
      ttlMs: dedupeTtlMs === 0 ? 0 : Math.max(dedupeTtlMs, maxAgeMs + DEDUPE_MARGIN_MS),
      maxEntries: whole("dedupe.maxEntries", options.dedupe?.maxEntries, DEFAULTS.dedupeEntries, [1, limit]),
    },
    maxPayloadBytes: whole("maxPayloadBytes", options.maxPayloadBytes, DEFAULTS.maxPayloadBytes, [1, 268_435_455]),
    drainMs: whole("drainMs", options.drainMs, DEFAULTS.drainMs, [0, limit]),
    deadLetterOptions: {
      service: (options.deadLetters?.service ?? options.source ?? clientId).replace(/[/+#\0]/g, "_"),
      prefix: options.deadLetters?.prefix ?? "dead",
      max: whole("deadLetters.max", options.deadLetters?.max, 200, [0, limit]),
      maxAgeMs: whole("deadLetters.maxAgeMs", options.deadLetters?.maxAgeMs, 7 * DAY_MS, [1, limit]),
      perSecond: whole("deadLetters.perSecond", options.deadLetters?.perSecond, 5, [0, limit]),
    },
  };
  if (problems.length > 0) throw new ConfigurationError({ problems });
  return resolved;
}

function readUrls(url: string | readonly string[], problems: string[]): readonly BrokerUrl[] {
  const texts = typeof url === "string" ? [url] : url;
  if (texts.length === 0) problems.push("url is an empty list; give at least one address");
  return texts.flatMap((text) => {
    try {
      return [parseBrokerUrl(text)];
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      problems.push(...error.problems);
      return [];
    }
  });
}

function readBackoff(
  { reconnect }: ConnectOptions,
  whole: (name: string, value: number | undefined, fallback: number, range: readonly [number, number]) => number,
  problems: string[],
): ResolvedOptions["backoff"] {
  const minDelayMs = whole("reconnect.minDelayMs", reconnect?.minDelayMs, DEFAULTS.minDelayMs, [1, DAY_MS]);
  const maxDelayMs = whole("reconnect.maxDelayMs", reconnect?.maxDelayMs, DEFAULTS.maxDelayMs, [1, DAY_MS]);
  if (maxDelayMs < minDelayMs) {
    problems.push(`reconnect.maxDelayMs (${maxDelayMs}) is less than reconnect.minDelayMs (${minDelayMs})`);
  }
  return { minDelayMs, maxDelayMs };
}
