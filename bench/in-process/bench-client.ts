/**
 * `npm run bench:client`: what the client costs by itself, in process on a fake stream. It gates regressions: a machine's network,
 * broker and other work move it least. `--help` of mistakes says the flags.
 */
import { runBench } from "../comparison/run-bench.ts";
import { inProcessCases } from "./in-process-cases.ts";

await runBench({ name: "bench-client", script: "bench:client", cases: inProcessCases }, process.argv.slice(2));
