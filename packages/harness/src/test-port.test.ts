import { once } from "node:events";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { listening } from "./link/listener.ts";
import { drawPort, onFreePort, sliceOf } from "./test-port.ts";

test("Workers that are at work at the same time draw from different ports", () => {
  const lowest = Array.from({ length: 20 }, (_, worker) => sliceOf(String(worker)).lowest);
  expect(new Set(lowest).size).toBe(20);
  for (const [worker, from] of lowest.entries()) {
    expect(sliceOf(String(worker)).highest).toBeLessThanOrEqual(lowest[worker + 1] ?? 20_000);
    expect(from).toBeGreaterThanOrEqual(10_000);
  }
});

test("A port that somebody took in the meantime is given up for another one", async () => {
  const [rival, server] = [createServer(), createServer()];
  const tried: number[] = [];
  const port = await onFreePort(async (drawn) => {
    tried.push(drawn);
    if (tried.length === 1) await listening(rival, { host: "127.0.0.1", port: drawn });
    await listening(server, { host: "127.0.0.1", port: drawn });
    return drawn;
  });
  expect(tried.length).toBeGreaterThan(1);
  expect(server.address()).toMatchObject({ port });
  for (const open of [rival, server]) {
    open.close();
    await once(open, "close");
  }
});

test("What fails for another reason is not tried again", async () => {
  let tries = 0;
  const failing = onFreePort(async () => {
    tries += 1;
    throw new RangeError("no such network");
  });
  await expect(failing).rejects.toThrow(RangeError);
  expect(tries).toBe(1);
});

test("A drawn port can be listened on", async () => {
  const server = createServer();
  await listening(server, { host: "127.0.0.1", port: await drawPort() });
  server.close();
  await once(server, "close");
});
