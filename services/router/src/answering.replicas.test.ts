import { expect, test } from "vitest";
import { answered, askedModel, isAbandoned, readStream } from "./answering.ts";

const ASKED = askedModel({ atMs: 0, isWorkerKnown: true });
const [BY_ONE] = readStream(ASKED, { seq: 1, delta: "", done: false, path: "llm", worker: "llm-worker.1", atMs: 1 });

test.each([
  ["one that nobody has spoken on, while another replica is there", ASKED, "llm-worker.1", ["llm-worker.2"], false],
  ["one that nobody has spoken on, when nobody is left", ASKED, "llm-worker.1", [], true],
  ["one that nobody has spoken on, when the only worker was started again", ASKED, "llm-worker", ["llm-worker"], true],
  ["that of the lost replica, whoever else is there", BY_ONE, "llm-worker.1", ["llm-worker.2"], true],
  ["that of another replica", BY_ONE, "llm-worker.2", ["llm-worker.1"], false],
  ["one that is complete", answered("Done.", { path: "llm" }), "llm-worker.1", [], false],
] as const)("a question is abandoned with a lost worker: %s (case %#)", (_which, answering, lost, there, isIt) => {
  expect(isAbandoned(answering, { lost: [lost], there })).toBe(isIt);
});
