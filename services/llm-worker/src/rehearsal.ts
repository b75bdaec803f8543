/** Questions that no model is asked: the rules answer, which need none. */
import { randomBytes } from "node:crypto";
import { llmRequest, llmResponse } from "@ts-tars/contracts";
import type { Rehearsal } from "@ts-tars/service";
import { openOfflineModel } from "./chat-models/offline.ts";
import type { LlmWorkerConfig } from "./config.ts";
import { openWorker } from "./open-worker.ts";

export const llmWorkerRehearsal: Rehearsal<LlmWorkerConfig> = {
  create: (deps) => openWorker(deps, openOfflineModel()),
  cast: async (others) => {
    const ends = new Map<string, () => void>();
    await others.subscribe(llmResponse, ({ data: { id } }) => ends.get(id)?.()).active;
    return async () => {
      const [id, ended] = [randomBytes(16).toString("hex"), Promise.withResolvers<void>()];
      ends.set(id, ended.resolve);
      others.publish(llmRequest, { id, text: "why is the sky blue" });
      await ended.promise;
      ends.delete(id);
    };
  },
};
