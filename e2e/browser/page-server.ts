import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { type Recorder, recorder } from "@ts-tars/harness";
import type { Example } from "./examine.ts";
import type { PageReport } from "./page.ts";

/** The page may run this script, fetch what is here, and nothing else; `eval` least of all. */
const POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'";
const HTML =
  '<!doctype html><meta charset="utf-8"><title>contracts</title><script type="module" src="/page.js"></script>';

/** A page on loopback, and what it tells. */
export interface PageServer extends AsyncDisposable {
  readonly url: string;
  readonly reports: Recorder<PageReport>;
}

/** Serves a page that consists of `script`, with the examples that it asks for. */
export async function servePage(script: string, examples: readonly Example[]): Promise<PageServer> {
  const reports = recorder<PageReport>();
  const answerTo = async (request: IncomingMessage): Promise<readonly [type: string, body: string] | undefined> => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    if (path === "/") return ["text/html", HTML];
    if (path === "/page.js") return ["text/javascript", script];
    if (path === "/examples") return ["application/json", JSON.stringify(examples)];
    if (path !== "/report") return undefined;
    reports.push(JSON.parse(await text(request)));
    return ["text/plain", ""];
  };
  const server = createServer((request, response) => {
    answerTo(request).then(
      (answer) => {
        const [type = "text/plain", body = ""] = answer ?? [];
        const status = answer === undefined ? 404 : 200;
        response.writeHead(status, { "content-type": type, "content-security-policy": POLICY }).end(body);
      },
      (error: unknown) => response.destroy(error instanceof Error ? error : new Error(String(error))),
    );
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return {
    url: `http://127.0.0.1:${address.port}/`,
    reports,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
}
