import type { TurnCancel } from "@ts-tars/contracts";
import { manualClock, recorder } from "@ts-tars/harness";
import type { Client } from "@ts-tars/mqtt";
import { expect, test } from "vitest";
import { ttsWorker } from "./service.ts";
import { HealthBook, NO_LOG, openFakeSink } from "./stage.fixture.ts";

/** A client whose outbox is full: what it hears it hands on, and nothing can be published. */
function openFullClient() {
  const handlers = new Map<string, (message: { readonly data: unknown }) => void>();
  const refused = recorder<string>();
  const client = {
    subscribe: ({ filter }: { readonly filter: string }, handler: (message: { readonly data: unknown }) => void) => {
      handlers.set(filter, handler);
      return { active: Promise.resolve(), stop: async () => undefined };
    },
    publish: ({ filter }: { readonly filter: string }) => {
      refused.push(filter);
      throw new Error("The outbox is full.");
    },
  };
  return {
    // The service needs no more of it.
    client: client as unknown as Client, // played by hand
    cancel: (cancel: TurnCancel) => handlers.get("turn/cancel")?.({ data: cancel }),
    refused,
  };
}

test("a cancel that cannot be acknowledged, because the outbox is full, does not end the service", async () => {
  const { client, cancel, refused } = openFullClient();
  const stop = new AbortController();
  const ready = Promise.withResolvers<void>();
  const service = ttsWorker({
    ...{ client, health: new HealthBook(), log: NO_LOG, clock: manualClock(), siteCountMax: 1 },
    settings: { current: { volume: 1 }, watch: () => ({ [Symbol.dispose]: () => undefined }) },
    openMouth: async () => ({
      synthesis: { begin: () => Promise.reject(new Error("Nothing is said here.")) },
      openSink: () => openFakeSink("room"),
      detail: { engine: "none", audible: false, sink: "room" },
      [Symbol.asyncDispose]: async () => undefined,
    }),
  })({ stop: stop.signal, ready: ready.resolve });
  await ready.promise;

  cancel({ utt_id: "one", reason: "test" });
  cancel({ utt_id: "two", reason: "test" });
  await refused.take(2);
  stop.abort();

  await expect(service).resolves.toBeUndefined();
});
