import { join, resolve } from "node:path";
import type { StateStore } from "../state-store.ts";
import { OutboxFile } from "./outbox-file.ts";
import { RunsFile } from "./runs-file.ts";

/**
 * A directory in which one client keeps what has to survive its process: `outbox.db`, durable messages that the broker has not
 * confirmed, and `delivery.db`, the messages whose handlers run. Give it to `connect` as `state`; made when it is not there, for this
 * user alone (0700).
 *
 * One client at a time: `connect` throws {@link StateDirectoryTakenError} when another has it. A file that cannot be read is
 * set aside beside its successor (`outbox.db.corrupt-<epoch ms>`), logged as an error and counted (`state_set_aside`). While a
 * file cannot be written (a full disk), the gauge `state_failing` is 1, publishing a durable message throws
 * {@link NotStoredError}, and everything else goes on.
 */
export function stateDirectory(path: string): StateStore {
  const directory = resolve(path);
  let blame = (): void => undefined;
  return {
    blame: () => blame(),
    open: (parts) => {
      const messages = new OutboxFile(join(directory, "outbox.db"), parts);
      const runs = new RunsFile(join(directory, "delivery.db"), parts);
      messages.open();
      try {
        runs.open();
      } catch (error) {
        messages.close();
        throw error;
      }
      blame = () => runs.blame();
      return {
        messages,
        runs,
        close: () => {
          messages.close();
          runs.close();
        },
      };
    },
  };
}
