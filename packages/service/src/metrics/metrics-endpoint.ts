import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";

/** What is answered with. */
export interface Endpoint {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly contentType: string;
  readonly text: () => Promise<string>;
  /** A reader could not be let in, for want of file descriptors for instance; the server goes on. */
  readonly onError: (error: Error) => void;
}

/** A server until it is disposed of. */
export interface OpenEndpoint extends AsyncDisposable {
  readonly url: string;
}

/** Answers `GET /metrics`. Rejects with the error of `listen`, when the port is taken for instance. */
export async function openEndpoint(endpoint: Endpoint): Promise<OpenEndpoint> {
  const { host, port } = endpoint;
  const server = createServer(listenerOf(endpoint));
  server.listen(port, host);
  await once(server, "listening");
  // Without a listener it would end the process.
  server.on("error", endpoint.onError);
  return { url: urlOf(server, host), [Symbol.asyncDispose]: () => close(server) };
}

function listenerOf({ text, contentType }: Endpoint): RequestListener {
  return ({ method, url }, response) => {
    const plain = { "content-type": "text/plain; charset=utf-8" };
    const [path] = (url ?? "").split("?", 1);
    if (path !== "/metrics") return void response.writeHead(404, plain).end("The figures are at /metrics.\n");
    if (method !== "GET" && method !== "HEAD")
      return void response.writeHead(405, { ...plain, allow: "GET, HEAD" }).end();
    text().then(
      (body) => response.writeHead(200, { "content-type": contentType }).end(body),
      () => response.writeHead(500, plain).end("The figures could not be read.\n"),
    );
  };
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}/metrics`;
}

async function close(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  // Whoever reads the figures keeps his connection.
  server.closeAllConnections();
  await closed;
}
