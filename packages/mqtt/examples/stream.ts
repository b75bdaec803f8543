import { binaryFrame, connect, defineTopic } from "@ts-tars/mqtt";

/** 16 bit, mono, 16 000 Hz; a frame of 20 ms is 640 bytes behind a header of 32. */
const microphone = defineTopic({
  name: "audio/{site}",
  type: "audio.frame",
  delivery: "stream", // QoS 0: what is late is worthless, the oldest frames of a full line are dropped and counted
  wire: "binary",
  payload: binaryFrame,
});

await using client = connect({ url: "mqtt://localhost" });
const arrived = Promise.withResolvers<void>();
const frames = client.subscribe(microphone, ({ data, params }) => {
  console.log(`${params.site}: frame ${data.sequence}, ${data.bytes.byteLength} bytes`);
  if (data.sequence === 2) arrived.resolve();
});
await frames.active;

const recording = microphone.at({ site: "kitchen" });
for (const sequence of [0, 1, 2]) {
  const bytes = new Uint8Array(640);
  client.publish(recording, { sequence, stream_id: "00000000000000a1", position: sequence * 320, bytes });
}
await arrived.promise;
