/**
 * Set-up of every test file: when its tests are over, no socket, server, child or timer of theirs may still keep the process
 * alive. What was active before the file (Vitest's own channel) does not count; what is about to close gets a moment.
 * `TS_TARS_TRACE_LEAKS=1 npx vitest run <file>` shows where each was opened.
 */
import { afterAll, expect } from "vitest";
import { traceHandleOrigins } from "./handle-origins.ts";

/** What Node calls the resources a forgetful test leaves: `process.getActiveResourcesInfo()`. */
const WATCHED = ["TCPSocketWrap", "TCPServerWrap", "TLSWrap", "UDPWrap", "ProcessWrap", "FSEventWrap", "Timeout"];

/** Closing a socket takes some turns of the event loop after the promise that a test awaited. */
const GRACE_MS = 1_000;

const origins = process.env["TS_TARS_TRACE_LEAKS"] ? traceHandleOrigins(WATCHED) : undefined;
const before = countActive();

afterAll(async () => {
  const giveUpAt = performance.now() + GRACE_MS;
  while (leaked().length > 0 && performance.now() < giveUpAt) await nextTurn();

  const hint = origins?.list().join("\n") ?? "TS_TARS_TRACE_LEAKS=1 shows where they were opened";
  expect(leaked(), `open handles left behind by the tests of this file (${hint})`).toEqual([]);
});

function leaked(): readonly string[] {
  const now = countActive();
  return WATCHED.filter((kind) => (now.get(kind) ?? 0) > (before.get(kind) ?? 0));
}

function countActive(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
