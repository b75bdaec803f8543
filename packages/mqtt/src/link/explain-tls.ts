/** What a broker means that ends a TLS handshake: OpenSSL's words say it to few. Pure. */
import { errorCode } from "./verdict.ts";

/** RFC 8446, 6.2, as OpenSSL names the alerts; TLS 1.2 has no word of its own for a certificate that is missing. */
const MISSING = /ALERT_CERTIFICATE_REQUIRED$/;
const NOT_ACCEPTED = /ALERT_(?:HANDSHAKE_FAILURE|UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_\w+|ACCESS_DENIED)$/;
/** With TLS 1.3 a client believes to be in, and writes, before the broker has looked at its certificate. */
const HUNG_UP: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE"]);

const REMEDY = "Check the client certificate: MQTT_CERT_FILE and MQTT_KEY_FILE, or the option tls";

/** Of what attempt it is the end. */
export interface TlsAttempt {
  readonly url: string;
  readonly hadSuccess: boolean;
}

/** The error in words that help, with its code; as it is where it says something else. */
export function explainTls(error: Error, { url, hadSuccess }: TlsAttempt): Error {
  const code = errorCode(error);
  const complaint = MISSING.test(code)
    ? "the broker asks for a client certificate, and was shown none"
    : NOT_ACCEPTED.test(code)
      ? "the broker does not accept the client certificate, or misses one"
      : HUNG_UP.has(code) && /^(?:mqtts|wss):/.test(url) && !hadSuccess
        ? "the broker hung up during the TLS handshake; it may ask for a client certificate"
        : undefined;
  return complaint === undefined ? error : Object.assign(new Error(`${complaint} (${code}). ${REMEDY}`), { code });
}
