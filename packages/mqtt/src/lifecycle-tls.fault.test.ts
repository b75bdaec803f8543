/** TLS and WebSocket: whom the client trusts, whom the broker trusts, and that every road carries both protocol versions. */
import { readFile } from "node:fs/promises";
import { type Certificates, createCertificates, openBroker, recorder, type TestBroker, until } from "@ts-tars/harness";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HeardClient, openClient, PROTOCOLS, word } from "./client.fixture.ts";
import type { ConnectOptions, TlsSettings } from "./options.ts";

/** TLS on both of its listeners, TCP and WebSocket. */
let broker: TestBroker;
/** Asks for a client's certificate on both. */
let mutual: TestBroker;
let plain: TestBroker;
let strangers: Certificates;
beforeAll(async () => {
  [broker, mutual, plain, strangers] = await Promise.all([
    openBroker({ tls: true, ws: true }),
    openBroker({ tls: "client_certificate", ws: true }),
    openBroker({ ws: true }),
    createCertificates(),
  ]);
});
afterAll(async () => {
  for (const each of [broker, mutual, plain, strangers]) await each[Symbol.asyncDispose]();
});

const ca = (): TlsSettings => ({ ca: broker.certificates?.caPem ?? "" });
const identity = (): TlsSettings => ({
  ca: mutual.certificates?.caPem ?? "",
  cert: mutual.certificates?.clientCertPem ?? "",
  key: mutual.certificates?.clientKeyPem ?? "",
});

/** Says something to itself over a connection with these options. */
async function echo(options: ConnectOptions): Promise<string> {
  const { client } = openClient(options);
  const heard = recorder<string>();
  await client.subscribe(word, ({ data }) => heard.push(data.text)).active;
  await client.publishConfirmed(word, { text: "grüße, 世界" });
  const text = await heard.next();
  await client.close();
  return text;
}

/** Why it was closed for good, or for what it tries again. */
async function failureOf({ client, log }: HeardClient): Promise<{ readonly kind: string; readonly why: string }> {
  const lost = () => log.seen.find(({ message }) => message.startsWith("not connected"));
  await until(() => client.state.kind === "closed" || lost() !== undefined);
  const { state } = client;
  await client.close();
  if (state.kind !== "closed") return { kind: "retried", why: String(lost()?.fields["err"]) };
  return { kind: state.closed.reason, why: "error" in state.closed ? String(state.closed.error) : "" };
}

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  test("a broker whose authority is trusted is spoken to over TLS", async () => {
    expect(await echo({ url: `mqtts://localhost:${broker.port}`, protocol, tls: ca() })).toBe("grüße, 世界");
  });

  test("a broker is spoken to over WebSocket", async () => {
    expect(await echo({ url: plain.websocketUrl ?? "", protocol })).toBe("grüße, 世界");
  });

  test("a broker whose authority is trusted is spoken to over WebSocket and TLS", async () => {
    const { port } = new URL(broker.websocketUrl ?? "");

    expect(await echo({ url: `wss://localhost:${port}`, protocol, tls: ca() })).toBe("grüße, 世界");
  });

  test("a client shows its certificate to a broker that asks for one", async () => {
    expect(await echo({ url: `mqtts://localhost:${mutual.port}`, protocol, tls: identity() })).toBe("grüße, 世界");
  });

  test("a client shows its certificate over WebSocket, too", async () => {
    const { port } = new URL(mutual.websocketUrl ?? "");

    expect(await echo({ url: `wss://localhost:${port}/mqtt`, protocol, tls: identity() })).toBe("grüße, 世界");
  });

  // A broker may be given the certificate's authority later, and a client another certificate: it is tried again.
  test.each([
    ["none", "mqtts", () => ({})],
    ["none", "wss", () => ({})],
    ["one of strangers", "mqtts", () => ({ cert: strangers.clientCertPem, key: strangers.clientKeyPem })],
    ["one of strangers", "wss", () => ({ cert: strangers.clientCertPem, key: strangers.clientKeyPem })],
  ])(
    "a broker that asks for a client's certificate and is shown %s over %s is not spoken to, and the error says so",
    async (_shown, scheme, shown) => {
      const { port } = scheme === "wss" ? new URL(mutual.websocketUrl ?? "") : mutual;
      const tls = { ca: mutual.certificates?.caPem ?? "", ...shown() };
      const ours = openClient({ url: `${scheme}://localhost:${port}`, protocol, tls });

      const failure = await failureOf(ours);

      expect(failure).toEqual({ kind: "retried", why: expect.stringMatching(/client certificate.* MQTT_CERT_FILE/u) });
    },
  );

  test("a broker whose authority is not trusted is not spoken to, and that is final", async () => {
    const ours = openClient({ url: `mqtts://localhost:${broker.port}`, protocol, tls: { ca: strangers.caPem } });

    expect(await failureOf(ours)).toMatchObject({
      kind: "refused",
      why: expect.stringContaining("TLS could not verify"),
    });
  });

  test("a broker with a certificate for another name is not spoken to, and that is final", async () => {
    const url = `mqtts://localhost:${broker.port}`;
    const ours = openClient({ url, protocol, tls: { ...ca(), servername: "elsewhere.example" } });

    expect(await failureOf(ours)).toMatchObject({ kind: "refused", why: expect.stringContaining("elsewhere.example") });
  });
});

test("a certificate that cannot be read is a failed attempt, and the next one may do better", async () => {
  const { certificates } = mutual;
  let asked = 0;
  const tls = async (): Promise<TlsSettings> => {
    asked += 1;
    const cert = asked === 1 ? "half written" : await readFile(certificates?.clientCertFile ?? "", "utf8");
    return { ...identity(), cert };
  };
  const { client, log } = openClient({ url: `mqtts://localhost:${mutual.port}`, tls });

  await client.ready();
  await client.close();

  expect([asked, log.seen[0]?.level]).toEqual([2, "warn"]);
});

test("TLS towards a broker that speaks none is a failed attempt, not a refusal", async () => {
  const ours = openClient({ url: `mqtts://localhost:${plain.port}`, tls: ca(), attemptTimeoutMs: 500 });

  expect(await failureOf(ours)).toMatchObject({ kind: "retried" });
});

test("plain MQTT towards a broker that speaks TLS is a failed attempt, not a refusal", async () => {
  const ours = openClient({ url: `mqtt://localhost:${broker.port}`, attemptTimeoutMs: 500 });

  expect(await failureOf(ours)).toMatchObject({ kind: "retried" });
});

test("a WebSocket that is no MQTT broker is a failed attempt, and closing it leaves nothing behind", async () => {
  const ours = openClient({ url: `ws://localhost:${plain.port}/mqtt`, attemptTimeoutMs: 500 });

  expect(await failureOf(ours)).toMatchObject({ kind: "retried" });
});

test("a header that WebSocket cannot send is a failed attempt, not an exception", async () => {
  const ours = openClient({ url: plain.websocketUrl ?? "", wsHeaders: { "x-note": "line\nbreak" } });

  expect(await failureOf(ours)).toMatchObject({ kind: "retried" });
});
