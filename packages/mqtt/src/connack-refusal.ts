/** A reason code as the standards print it. */
export function hex(code: number): string {
  return `0x${code.toString(16).padStart(2, "0")}`;
}

/** CONNACK codes of both protocols that stay refusals: what they say, and what to do about it. */
const REFUSALS: Readonly<Record<string, string>> = {
  "5:133": "it does not accept the client id. Choose another",
  "5:134": "the user name or the password is wrong. Check the credentials",
  "5:135": "the user is not allowed to connect. Check the credentials and the broker's access list",
  "5:138": "the client is banned. Ask the broker's administrator",
  "3.1.1:1": "it does not speak MQTT 3.1.1. Check the address and the protocol option",
  "3.1.1:2": "it does not accept the client id. Choose another",
  "3.1.1:4": "the user name or the password is wrong. Check the credentials",
  "3.1.1:5": "the user is not allowed to connect. Check the credentials and the broker's access list",
};

/** What a refused connection means and what to do, as the middle of a sentence. */
export function describeRefusal(options: {
  readonly reasonCode?: number | undefined;
  readonly protocol: string;
  readonly cause?: unknown;
}): string {
  const { reasonCode, protocol, cause } = options;
  if (reasonCode === undefined) {
    const detail = cause instanceof Error ? ` (${cause.message})` : "";
    return `TLS could not verify the broker${detail}. Check the certificate authority and the host name`;
  }
  const known = REFUSALS[`${protocol}:${reasonCode}`] ?? "see the code in the MQTT standard";
  return `${known} (MQTT ${protocol}, ${hex(reasonCode)})`;
}
