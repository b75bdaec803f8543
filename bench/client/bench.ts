/**
 * `npm run bench`: our client beside MQTT.js over a real broker, in processes of their own, and the client by itself
 * (`bench:client`). docs/performance.md says what is compared with what.
 */
import { runBench } from "../comparison/run-bench.ts";
import { inProcessCases } from "../in-process/in-process-cases.ts";
import { exchangeCase } from "./exchange-case.ts";
import { floorCases } from "./floor-cases.ts";
import { flowCases } from "./flow-cases.ts";
import { startCase } from "./start-case.ts";
import { stormCases } from "./storm-cases.ts";

const cases = [...flowCases, ...floorCases(), exchangeCase, ...stormCases, startCase, ...inProcessCases];
await runBench({ name: "bench", script: "bench", cases }, process.argv.slice(2));
