import { connect, createServer } from "node:net";
import { expect, test } from "vitest";
import { leakCheck } from "./leak-check.ts";

test("A socket left open is found and named, and no more once it is closed", async () => {
  const leaks = leakCheck();
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));

  await expect(leaks.expectNothingLeft({ deadlineMs: 1 })).rejects.toThrow("still open: 1 × TCPServerWrap");
  server.close();

  await leaks.expectNothingLeft();
});

test("What was open before the check is not counted", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;

  const leaks = leakCheck();
  const socket = connect(port, "127.0.0.1");
  await new Promise((resolve) => socket.once("connect", resolve));
  socket.destroy();

  await leaks.expectNothingLeft();
  expect(server.listening).toBe(true);
  server.close();
});
