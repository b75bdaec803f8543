/**
 * A server that speaks the wire format of OpenAI's Chat Completions on loopback: the tests' counterpart of the SDK.
 * What it sends is decided by the test, down to where the stream is cut.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Recorder, recorder } from "@ts-tars/harness";

/** One request of the SDK, and the means to answer it. */
export interface ModelCall {
  readonly body: Readonly<Record<string, unknown>>;
  readonly authorization: string | undefined;
  /** Resolves when the other side has closed the connection. */
  readonly hungUp: Promise<unknown>;
  /** Sends bytes of the stream as they are; the first call sends the headers. */
  readonly write: (bytes: string | Uint8Array) => void;
  /** Sends one piece of text. */
  readonly say: (content: string) => void;
  /** Sends reasoning, as servers that split it off do. */
  readonly think: (content: string) => void;
  /** Ends the stream as a model does: finish reason, usage, `[DONE]`. */
  readonly finish: () => void;
  /** Ends the body as if it were complete. */
  readonly end: () => void;
  /** Ends the connection in the middle. */
  readonly breakOff: () => void;
  readonly fail: (status: number, body?: unknown, headers?: Readonly<Record<string, string>>) => void;
}

export interface ModelServer extends AsyncDisposable {
  readonly baseUrl: string;
  readonly calls: Recorder<ModelCall>;
}

/** Starts one; `onCall` answers each request that a test does not take from `calls` itself. */
export async function openModelServer({
  onCall,
}: {
  readonly onCall?: (call: ModelCall) => void;
} = {}): Promise<ModelServer> {
  const calls = recorder<ModelCall>(({ body }) => JSON.stringify(body).slice(0, 200));
  const server = createServer((request, response) => {
    void receive(request, response).then((call) => {
      calls.push(call);
      onCall?.(call);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // a TCP server has one
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    calls,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function receive(request: IncomingMessage, response: ServerResponse): Promise<ModelCall> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const body: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8") || "{}");
  const write = (bytes: string | Uint8Array): void => {
    if (!response.headersSent) response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(bytes);
  };
  const send = (delta: object, finishReason: string | null = null): void => write(eventOf(delta, finishReason));
  return {
    body: body instanceof Object ? { ...body } : {},
    authorization: request.headers.authorization,
    hungUp: once(response, "close"),
    write,
    say: (content) => send({ content }),
    think: (content) => send({ reasoning_content: content }),
    finish: () => {
      send({}, "stop");
      write(usageEvent());
      write("data: [DONE]\n\n");
      response.end();
    },
    end: () => void response.end(),
    breakOff: () => response.destroy(),
    fail: (status, failure = { error: { message: "no" } }, headers = {}) => {
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(failure));
    },
  };
}

/** One chunk as server-sent event. */
export function eventOf(delta: object, finishReason: string | null = null): string {
  const choices = [{ index: 0, delta, finish_reason: finishReason }];
  return `data: ${JSON.stringify({ ...HEAD, choices })}\n\n`;
}

export function usageEvent(): string {
  const usage = { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 };
  return `data: ${JSON.stringify({ ...HEAD, choices: [], usage })}\n\n`;
}

const HEAD = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "test-model" };
