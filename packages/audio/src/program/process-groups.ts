/** The process groups that this process has started and that must not outlive it. */

const alive = new Set<number>();
let isWatching = false;

/** From now on the group ends when this process does, unless it was forgotten before. */
export function adoptGroup(groupId: number): void {
  alive.add(groupId);
  if (isWatching) return;
  isWatching = true;
  process.once("exit", () => {
    for (const group of alive) killGroup(group);
  });
}

/** Ends what is left of the group; its number may belong to somebody else from now on. */
export function forgetGroup(groupId: number): void {
  if (alive.delete(groupId)) killGroup(groupId);
}

/** SIGKILL for every process of the group; nothing happens when there is none. */
export function killGroup(groupId: number): void {
  try {
    process.kill(-groupId, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
