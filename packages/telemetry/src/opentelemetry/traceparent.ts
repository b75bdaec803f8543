/** `traceparent` of https://www.w3.org/TR/trace-context-1/#traceparent-header, read and written. Pure. */

/** What a `traceparent` says; the shape of OpenTelemetry's `SpanContext`. */
export interface TraceParent {
  /** 32 hex characters. */
  readonly traceId: string;
  /** 16 hex characters. */
  readonly spanId: string;
  /** Bit 0: sampled. */
  readonly traceFlags: number;
}

/** A later version may have more behind the flags. */
const SHAPE =
  /^(?<version>[0-9a-f]{2})-(?<traceId>[0-9a-f]{32})-(?<spanId>[0-9a-f]{16})-(?<flags>[0-9a-f]{2})(?<more>-.*)?$/u;

/** Undefined when it is none: such a message begins a trace of its own. */
export function parseTraceparent(text: string): TraceParent | undefined {
  const { version, traceId = "", spanId = "", flags = "", more } = SHAPE.exec(text)?.groups ?? {};
  const isNone = version === undefined || version === "ff" || (version === "00" && more !== undefined);
  if (isNone || isZero(traceId) || isZero(spanId)) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) };
}

/** The text of version 00. */
export function renderTraceparent({ traceId, spanId, traceFlags }: TraceParent): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;
}

const isZero = (id: string): boolean => /^0+$/u.test(id);
