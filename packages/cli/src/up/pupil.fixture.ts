/** A process for the supervisor's tests: behaves as the variable PUPIL says, and needs no broker. */
const behaviour = process.env["PUPIL"];

process.on("SIGTERM", () => process.exit(0));
process.on("disconnect", () => process.exit(0));
process.send?.({ type: "ready", service: "pupil" });
process.stderr.write('{"level":"info","msg":"here"}\n');
if (behaviour === "crash") setImmediate(() => process.abort());
if (behaviour === "refuse") {
  process.send?.({ type: "failed", service: "pupil", problem: "The settings are wrong." });
  setImmediate(() => process.exit(78));
}
