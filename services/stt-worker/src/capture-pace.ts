/** Whether a microphone sends as many samples as it should. Pure. */

export interface CapturePace {
  readonly captureId: string;
  readonly fromAtMs: number;
  readonly fromSample: number;
  readonly lastAtMs: number;
  /** Samples a second, once it is known. */
  readonly rateHz: number | undefined;
}

const RATE_HZ = 16_000;
/** So long is measured; what comes in a burst after a stall is not a rate. */
const MEASURE_MS = 3_000;
const STALL_MS = 500;
/** A browser's clock is never so far off; its sample rate is. */
const TOLERANCE = 1.3;

/** Takes in that the samples up to `sample` have come by now. */
export function follow(
  pace: CapturePace | undefined,
  { captureId, sample, atMs }: { readonly captureId: string; readonly sample: number; readonly atMs: number },
): CapturePace {
  const isNew = pace === undefined || pace.captureId !== captureId;
  if (isNew) return { captureId, fromAtMs: atMs, fromSample: sample, lastAtMs: atMs, rateHz: undefined };
  const begun = { ...pace, fromAtMs: atMs, fromSample: sample, lastAtMs: atMs };
  if (atMs - pace.lastAtMs > STALL_MS) return begun;
  const tookMs = atMs - pace.fromAtMs;
  if (tookMs < MEASURE_MS) return { ...pace, lastAtMs: atMs };
  return { ...begun, rateHz: Math.round(((sample - pace.fromSample) / tookMs) * 1_000) };
}

/** What is wrong with it, as a sentence; undefined when nothing is. */
export function complaintOf(pace: CapturePace | undefined): string | undefined {
  const rateHz = pace?.rateHz ?? RATE_HZ;
  if (rateHz <= RATE_HZ * TOLERANCE && rateHz >= RATE_HZ / TOLERANCE) return undefined;
  return `This microphone sends about ${rateHz} samples a second instead of ${RATE_HZ}: nothing of it can be understood. Resample it.`;
}
