import { recorder } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { z } from "zod";
import type { Received } from "../api.ts";
import { type LogLine, recordingLog } from "../client.fixture.ts";
import { defineRequest } from "../contract/index.ts";
import { createResponder } from "./respond.ts";

const Text = z.object({ text: z.string() });

function pairOf(isPrivate: boolean) {
  return defineRequest({
    name: "test/ask",
    type: "test.ask",
    payload: Text,
    replyName: "test/answer",
    replyType: "test.answer",
    replyPayload: Text,
    private: isPrivate,
  });
}

/** What the log says of a request whose handler fails with what was said. */
async function logOfFailure(isPrivate: boolean): Promise<string> {
  const lines = recorder<LogLine>();
  const publisher = { publish: () => ({ id: "reply" }) };
  const respond = createResponder(
    pairOf(isPrivate),
    () => {
      throw new TypeError("cannot read 'my password is rosebud'");
    },
    { publisher, log: recordingLog(lines) },
  );
  // Only these parts are read.
  await respond({ id: "m", correlationId: undefined } as Received<unknown>, { responseTopic: undefined } as never);
  return lines.seen.map(({ fields }) => Object.values(fields).map(String).join(" ")).join("\n");
}

test("the log names the kind of error, not its text, when a private request fails", async () => {
  const said = await logOfFailure(true);

  expect(said).toContain("TypeError");
  expect(said).not.toContain("rosebud");
});

test("the log has the whole error when a request that is not private fails", async () => {
  expect(await logOfFailure(false)).toContain("TypeError: cannot read 'my password is rosebud'");
});
