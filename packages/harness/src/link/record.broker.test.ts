import { connect, createServer } from "node:net";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { until } from "../deadline.ts";
import { encodePacket } from "./decode.ts";
import { openLink } from "./link.ts";
import { commands, dial, openSite } from "./site.fixture.ts";

const CONNECT_FRAME = encodePacket(
  { cmd: "connect", protocolId: "MQTT", clientId: "test", clean: true, keepalive: 60 },
  4,
);

function publishFrame(size: number): Buffer {
  const flags = { qos: 1 as const, dup: false, retain: false, messageId: 1 };
  return encodePacket({ cmd: "publish", topic: "a", payload: Buffer.alloc(size, 1), ...flags }, 4);
}

function cutAt(bytes: Buffer, draws: readonly number[]): readonly Buffer[] {
  const inner = draws.map((draw) => draw % (bytes.length + 1));
  const borders = [...new Set([0, ...inner, bytes.length])].sort((a, b) => a - b);
  return borders.slice(1).map((end, index) => bytes.subarray(borders[index], end));
}

test.each([4, 5] as const)("A link records every packet both ways on protocol version %i", async (protocolVersion) => {
  const { link } = await openSite();
  const client = await dial(link.url, { protocolVersion, clientId: "recorded" });

  await client.subscribe("a/#");
  await client.publish("a/b", "hello");
  await client.received.next();
  await client.end();
  await link.seen(({ packet, forwarded }) => packet?.cmd === "disconnect" && forwarded);

  expect(commands(link).slice(0, 5)).toEqual([
    "up connect",
    "down connack",
    "up subscribe",
    "down suback",
    "up publish",
  ]);
  expect(commands(link).slice(5).toSorted()).toEqual(["down puback", "down publish", "up disconnect", "up puback"]);
  expect(
    link.packets().every(({ forwarded, forwardedBytes, bytes }) => forwarded && forwardedBytes === bytes.length),
  ).toBe(true);
  expect(link.connections()[0]).toMatchObject({ id: 1, clientId: "recorded", protocolVersion, isOpaque: false });
});

test("A record holds the exact bytes, also of a packet that comes in pieces and of one over 64 KiB", async () => {
  const { link } = await openSite();
  const client = await dial(link.url);
  const payload = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 251));
  await client.subscribe("large");

  await client.publish("large", payload);
  const received = await client.received.next();

  const published = await link.seen(({ direction, packet }) => direction === "up" && packet?.cmd === "publish");
  expect(Buffer.from(published.bytes).subarray(-payload.length).equals(payload)).toBe(true);
  expect(received.payload.equals(payload)).toBe(true);
});

test("The record is complete and the target gets the same bytes wherever the chunks' borders are", async () => {
  const arrived: Buffer[] = [];
  const target = createServer((socket) => socket.on("data", (chunk: Buffer) => arrived.push(chunk)));
  await new Promise<void>((resolve) => target.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void target.close());
  const address = target.address();
  if (address === null || typeof address === "string") throw new Error("The target does not listen.");
  const property = fc.asyncProperty(
    fc.array(fc.nat(400), { maxLength: 12 }),
    fc.array(fc.nat()),
    async (sizes, borders) => {
      arrived.length = 0;
      await using link = await openLink({ target: { host: "127.0.0.1", port: address.port } });
      const stream = Buffer.concat([CONNECT_FRAME, ...sizes.map((size) => publishFrame(size))]);
      const socket = connect({ host: link.host, port: link.port, noDelay: true });

      for (const chunk of cutAt(stream, borders)) await new Promise((resolve) => socket.write(chunk, resolve));
      await until(() => Buffer.concat(arrived).length === stream.length);
      socket.destroy();

      expect(Buffer.concat(arrived).equals(stream)).toBe(true);
      expect(Buffer.concat(link.packets().map(({ bytes }) => bytes)).equals(stream)).toBe(true);
      expect(link.packets().map(({ packet }) => packet?.cmd)).toEqual(["connect", ...sizes.map(() => "publish")]);
    },
  );

  await fc.assert(property, { numRuns: 25 });
});

test("An interceptor can drop a packet, as a PUBACK that never arrives", async () => {
  const { link } = await openSite();
  const client = await dial(link.url);
  const remove = link.intercept(({ direction, packet }) =>
    direction === "down" && packet?.cmd === "puback" ? "drop" : undefined,
  );

  const confirmed: string[] = [];
  client.mqtt.publish("a", "1", { qos: 1 }, () => confirmed.push("1"));
  const dropped = await link.seen(({ packet }) => packet?.cmd === "puback");
  remove();
  await client.publish("a", "2");

  expect(dropped).toMatchObject({ verdict: "drop", forwarded: false, sentBytes: 0 });
  expect(confirmed).toEqual([]);
});

test.each([4, 5] as const)(
  "An interceptor can replace a packet, as a CONNACK that lies about the session (protocol %i)",
  async (protocolVersion) => {
    const { link } = await openSite();
    link.intercept(({ packet }) =>
      packet?.cmd === "connack" ? { replace: { ...packet, sessionPresent: true } } : undefined,
    );

    const client = await dial(link.url, { protocolVersion });

    expect(client.sessionPresent).toBe(true);
    const connack = await link.seen(({ packet }) => packet?.cmd === "connack");
    expect(connack).toMatchObject({ verdict: "replace", forwarded: true, packet: { sessionPresent: false } });
  },
);

test("A packet whose sender stops in the middle of it is recorded as partial", async () => {
  const { link } = await openSite();
  const socket = connect(link.port, link.host);

  socket.end(CONNECT_FRAME.subarray(0, 10));
  const partial = await link.seen(({ kind }) => kind === "partial");

  expect(Buffer.from(partial.bytes)).toEqual(CONNECT_FRAME.subarray(0, 10));
  await until(() => link.connections()[0]?.closedBy === "client");
});

test("A packet that is cut in the middle by the link is recorded as partial and not forwarded", async () => {
  const { link } = await openSite();
  const socket = connect(link.port, link.host);
  socket.on("error", () => undefined);
  socket.write(Buffer.from("1010", "hex"));
  await until(() => link.connections()[0]?.up.receivedBytes === 2);

  link.cut();

  expect(link.packets()).toMatchObject([{ kind: "partial", forwarded: false, forwardedBytes: 0 }]);
});

test("Invalid MQTT is recorded as malformed and goes on", async () => {
  const { link } = await openSite();
  const socket = connect(link.port, link.host);
  socket.on("error", () => undefined);
  socket.resume();

  socket.write(Buffer.from("100200ff", "hex"));
  const malformed = await link.seen(({ kind, forwarded }) => kind === "malformed" && forwarded);

  expect(malformed.packet).toBeUndefined();
  await until(() => link.connections()[0]?.closedBy === "broker");
});

test("TLS passes through a link as bytes", async () => {
  const { broker, link } = await openSite({ tls: true });
  const ca = broker.certificates?.caPem ?? "";

  const client = await dial(`mqtts://localhost:${link.port}`, { mqttOptions: { ca } });
  await client.publish("a", "b");

  expect(link.packets()).toEqual([]);
  const [connection] = link.connections();
  expect(connection).toMatchObject({ isOpaque: true });
  expect(connection?.up.forwardedBytes).toBe(connection?.up.receivedBytes);
});
