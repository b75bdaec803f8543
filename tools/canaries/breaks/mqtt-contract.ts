import type { Canary } from "../canary.ts";

const fuzz = {
  file: "packages/mqtt/src/contract/decode.ts",
  test: "e2e/contracts/contracts.e2e.test.ts",
  title: "no handler sees what its contract refuses, nothing that it accepts is refused, and no broken envelope runs",
};

/** Breaks of how messages are read, which the fuzz of all contracts has to notice by itself, whatever its seed. */
export const contractBreaks: readonly Canary[] = [
  {
    ...fuzz,
    name: "data-of-a-broken-envelope-runs",
    find: 'return { ok: false, reason: "bad_envelope", problems: reading.problems, envelope: reading.envelope };',
    replace: 'return decodeBare(topic, text, isJsonObject(body["data"]) ? body["data"] : body);',
  },
  {
    ...fuzz,
    name: "bare-json-with-strangers-runs",
    find: 'if (strippedKeys > 0 && envelope === undefined && topic.wire !== "any") {',
    replace: 'if (strippedKeys > 100 && envelope === undefined && topic.wire !== "any") {',
  },
];
