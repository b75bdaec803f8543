import { connect, defineRequest, defineTopic, RemoteError } from "@ts-tars/mqtt";
import { z } from "zod";

const climate = defineTopic({
  name: "thermostat/{room}",
  type: "thermostat.climate",
  delivery: "state", // retained: whoever subscribes later is told at once
  payload: z.object({ targetCelsius: z.number() }),
});
const setTarget = defineRequest({
  name: "thermostat/set",
  type: "thermostat.set",
  payload: z.object({ celsius: z.number() }),
  replyName: "thermostat/set/reply",
  replyType: "thermostat.set.reply",
  replyPayload: z.object({ wasCelsius: z.number() }),
});

// The device owns the state. `keep` publishes it now, at each change, and after every reconnection.
await using device = connect({ url: "mqtt://localhost", clientId: "thermostat" });
let targetCelsius = 20;
const kept = device.keep(climate.at({ room: "kitchen" }), () => ({ targetCelsius }));
const answering = device.respond(setTarget, ({ data }) => {
  if (data.celsius > 30) throw new Error("That is a sauna.");
  const wasCelsius = targetCelsius;
  targetCelsius = data.celsius;
  kept.changed();
  return { wasCelsius };
});
await answering.active;

await using panel = connect({ url: "mqtt://localhost" });
const shown = Promise.withResolvers<void>();
panel.subscribe(climate, ({ data, params }) => {
  if (data.targetCelsius === 22) shown.resolve(console.log(`${params.room} shows ${data.targetCelsius} °C`));
});
await panel.ready();
const { wasCelsius } = await panel.request(setTarget, { celsius: 22 }, { timeoutMs: 2_000 });
await shown.promise;
console.log(`it was ${wasCelsius} °C`);
await panel.request(setTarget, { celsius: 90 }).catch((error: unknown) => {
  console.log(error instanceof RemoteError ? "refused by the device" : error);
});
