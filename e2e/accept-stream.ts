/**
 * The first sentence is spoken while the model still thinks: a server that speaks the OpenAI wire format sends one
 * sentence and waits; it sends the rest only after the bus has seen the first `tts/say`.
 *
 *   node --conditions=ts-tars-source e2e/accept-stream.ts
 */

import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { recorder } from "@ts-tars/harness";
import { openChecks } from "./support/checks.ts";
import { eavesdrop, startRobot } from "./support/robot.ts";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const write = (line: string): void => void process.stdout.write(`${line}\n`);
const FIRST = "The moon is about four hundred thousand kilometres away. ";
const REST = "Light needs 1.3 seconds for that.";

const checks = openChecks(write);
await accept();
process.exitCode = checks.failures() === 0 ? 0 : 1;

async function accept(): Promise<void> {
  const streams = recorder<ServerResponse>(() => "a request");
  const server = createServer((request, response) => {
    request.resume();
    if (request.method !== "POST") {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ object: "list", data: [] }));
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    streams.push(response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // a TCP server has one
  try {
    await using robot = await startRobot({
      checkout: root,
      env: { OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`, OPENAI_API_KEY: "not-a-secret", LLM_MODEL: "test-model" },
    });
    await using bus = await eavesdrop(await robot.runFile());
    const asking = robot.tars(["ask", "--json", "how far away is the moon"]);
    const stream = await streams.next({ deadlineMs: 30_000 });
    sendDelta(stream, FIRST);
    const said = await bus.until(({ topic }) => topic === "tts/say");
    checks.check(
      "the first tts/say is seen before the server sends the rest",
      !stream.writableEnded,
      String(said.data["text"]),
    );
    checks.check("it is the first sentence", String(said.data["text"]).trim() === FIRST.trim());
    sendDelta(stream, REST);
    stream.write(`data: ${JSON.stringify(chunk({}, "stop"))}\n\ndata: [DONE]\n\n`);
    stream.end();
    const second = await bus.until(({ topic, data }) => topic === "tts/say" && data["seq"] === 1);
    checks.check(
      "the rest follows as the next sentence of the same turn",
      second.data["utt_id"] === said.data["utt_id"],
      String(second.data["text"]),
    );
    const { code, stdout } = await asking;
    checks.check(
      "tars ask prints the whole answer",
      code === 0 && stdout.includes("four hundred thousand") && stdout.includes("1.3 seconds"),
      stdout.trim(),
    );
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function sendDelta(stream: ServerResponse, content: string): void {
  stream.write(`data: ${JSON.stringify(chunk({ role: "assistant", content }, null))}\n\n`);
}

function chunk(delta: object, finishReason: string | null) {
  return {
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1,
    model: "test-model",
    choices: [{ index: 0, delta, finish_reason: finishReason }],
  };
}
