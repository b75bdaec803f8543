/**
 * What the end of a connection means for the next attempt. Pure.
 *
 * Fatal only before the first success: a broker that once let us in will again (it may be loading its users), so
 * afterwards the same answers are retried at the slowest pace.
 */
import type { Ended, ProtocolVersion } from "../transport/transport.ts";
import type { RetryPace } from "./backoff.ts";

export type Verdict =
  | { readonly kind: "retry"; readonly pace: RetryPace }
  /** The broker does not speak MQTT 5: go on with 3.1.1. */
  | { readonly kind: "fall_back" }
  | { readonly kind: "refused"; readonly reasonCode: number | undefined }
  /** Another connection uses our client id. */
  | { readonly kind: "taken_over" };

/** MQTT 5.0, 3.2.2.2: client id not valid, bad user name or password, not authorized, banned. */
const FATAL_V5: ReadonlySet<number> = new Set([0x85, 0x86, 0x87, 0x8a]);
/** MQTT 3.1.1, 3.2.2.3: identifier rejected, bad user name or password, not authorized. */
const FATAL_V3: ReadonlySet<number> = new Set([2, 4, 5]);
const UNSUPPORTED_VERSION_V5 = 0x84;
const UNSUPPORTED_VERSION_V3 = 1;
const SESSION_TAKEN_OVER = 0x8e;
/**
 * A connection that stood this long did not end because the broker does not want us. With a broker that restarts every few
 * seconds the first retry would otherwise wait for up to the maximum: the backoff has not started over by then.
 */
const STEADY_MS = 2_000;

/** OpenSSL's and Node's codes for "this is not the broker you trust". A certificate not yet valid is a clock problem. */
const TLS_TRUST_CODES: ReadonlySet<string> = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "CERT_UNTRUSTED",
  "CERT_REJECTED",
  "CERT_REVOKED",
  "CERT_HAS_EXPIRED",
  "CERT_SIGNATURE_FAILURE",
  "HOSTNAME_MISMATCH",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

export interface EndContext {
  readonly protocol: ProtocolVersion;
  readonly mayFallBack: boolean;
  readonly hadSuccess: boolean;
  /** How long the connection had been accepted (CONNACK 0) when it ended; undefined when it never was. */
  readonly stoodMs: number | undefined;
}

/** Judges how a connection, or an attempt to make one, ended. */
export function judge(ended: Ended, context: EndContext): Verdict {
  if (context.stoodMs !== undefined) {
    if (ended.disconnectCode === SESSION_TAKEN_OVER) return { kind: "taken_over" };
    return { kind: "retry", pace: context.stoodMs >= STEADY_MS ? "prompt" : "normal" };
  }
  const { refusedCode } = ended;
  if (refusedCode !== undefined) return judgeRefusal(refusedCode, context);
  const code = errorCode(ended.error);
  if (TLS_TRUST_CODES.has(code)) return refuse(undefined, context);
  return { kind: "retry", pace: code === "ECONNREFUSED" ? "prompt" : "normal" };
}

function judgeRefusal(code: number, context: EndContext): Verdict {
  const isVersion = code === UNSUPPORTED_VERSION_V5 || code === UNSUPPORTED_VERSION_V3;
  if (isVersion && context.protocol === "5" && context.mayFallBack) return { kind: "fall_back" };
  const isFatal = (context.protocol === "5" && FATAL_V5.has(code)) || FATAL_V3.has(code) || isVersion;
  return isFatal ? refuse(code, context) : { kind: "retry", pace: "normal" };
}

function refuse(reasonCode: number | undefined, { hadSuccess }: EndContext): Verdict {
  return hadSuccess ? { kind: "retry", pace: "slowest" } : { kind: "refused", reasonCode };
}

/** The system's or OpenSSL's code of an error; empty when it has none. */
export function errorCode(error: Error): string {
  if ("code" in error && typeof error.code === "string") return error.code;
  // Happy Eyeballs: one error per address, all of the same kind when the port is closed.
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return errorCode(error.errors[0]);
  return "";
}
