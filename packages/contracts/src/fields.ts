import { z } from "zod";

/** 32 lower-case hex characters, as our own ids are. */
export const Hex32 = z.string().regex(/^[0-9a-f]{32}$/, "must be 32 lower-case hex characters");

/**
 * Identifies a turn. Ours are 32 hex characters (a trace id at the same time); a foreign peer's may be anything short,
 * and is carried as it is.
 */
export const UttId = z.string().min(1).max(128);

/** A room or a device with ears and a mouth of its own; one level of a topic. */
export const SiteId = z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, "must be 1 to 64 letters, digits, _ . -");

/** The site of messages that name none. */
export const siteId = SiteId.default("default");

/** One opening of a sound source: 16 lower-case hex characters. Sample numbers count from it. */
export const CaptureId = z.string().regex(/^[0-9a-f]{16}$/, "must be 16 lower-case hex characters");

/** The number of a sample since its source was opened. */
export const SampleIndex = z.number().int().nonnegative();

/** A duration by one process's monotonic clock, in ms. */
export const DurationMs = z.number().nonnegative();

/** Unix seconds. Receivers order nothing by it: clocks differ. */
export const EpochSec = z.number();

/** The id that the reference puts into each payload. Nothing of ours reads it. */
export const messageId = z.string().optional();

/** A few words that say why, for logs and for the page. */
export const Reason = z.string().max(500);
