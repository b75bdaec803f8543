import { DEFAULT_DEADLINE_MS, until } from "./deadline.ts";

/** What a test may leave behind by mistake; everything else belongs to Node or to the test runner. */
const WATCHED = new Set([
  "TCPSocketWrap",
  "TCPServerWrap",
  "TCPConnectWrap",
  "TLSWrap",
  "PipeWrap",
  "ProcessWrap",
  "ChildProcess",
  "Timeout",
  "FSEventWrap",
  "UDPWrap",
]);

/** What held the event loop open when the check began. */
export interface LeakCheck {
  /** Resolves when no more is open than at the beginning. @throws DeadlineError which names what is left. */
  expectNothingLeft(options?: { readonly deadlineMs?: number }): Promise<void>;
}

/** Begins a check: remembers the sockets, children and timers that are open now. */
export function leakCheck(): LeakCheck {
  const before = countResources();
  return {
    expectNothingLeft: async ({ deadlineMs = DEFAULT_DEADLINE_MS } = {}) => {
      const left = (): readonly string[] => surplus(before, countResources());
      // Handles close a turn of the event loop after they were told to.
      await until(() => left().length === 0, { deadlineMs, describe: () => `still open: ${left().join(", ")}` });
    },
  };
}

function countResources(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of process.getActiveResourcesInfo()) {
    if (WATCHED.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

function surplus(before: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): readonly string[] {
  return [...now].flatMap(([name, count]) => {
    const more = count - (before.get(name) ?? 0);
    return more > 0 ? [`${more} × ${name}`] : [];
  });
}
