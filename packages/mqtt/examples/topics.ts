import { ContractViolationError, connect, defineTopic } from "@ts-tars/mqtt";
import { z } from "zod";

/** One topic for each room: `climate/kitchen`, `climate/bath` … */
const climate = defineTopic({
  name: "climate/{room}",
  type: "climate.reading",
  delivery: "event",
  payload: z.object({ celsius: z.number().min(-40).max(80), humidityRatio: z.number().min(0).max(1).optional() }),
});

await using client = connect({ url: "mqtt://localhost" });
const arrived = Promise.withResolvers<void>();
const readings = client.subscribe(climate, ({ data, params }) => {
  console.log(`${params.room}: ${data.celsius} °C`); // both typed, both checked
  arrived.resolve();
});
await readings.active; // the broker has confirmed the subscription

client.publish(climate.at({ room: "kitchen" }), { celsius: 21.5 });
try {
  client.publish(climate.at({ room: "bath" }), { celsius: 400 });
} catch (error) {
  if (!(error instanceof ContractViolationError)) throw error;
  console.log(`nothing sent: ${error.problems.map(({ path }) => path).join()} is wrong`);
}
await arrived.promise;
