/** Which canaries a command line asks for. Pure. */
import type { Canary } from "./canary.ts";

/** Canaries by what they break. */
export type Groups = Readonly<Record<string, readonly Canary[]>>;

/** Those that are asked for; or why it cannot be told. */
export type Choice =
  | { readonly kind: "chosen"; readonly canaries: readonly Canary[] }
  | { readonly kind: "refused"; readonly problem: string };

const GROUP = "--group";

/** `args`: nothing for all, `--group NAME` for one group, else names. */
export function choose(args: readonly string[], groups: Groups): Choice {
  const all = Object.values(groups).flat();
  const [first, groupName = "", ...rest] = args;
  if (first === undefined) return { kind: "chosen", canaries: all };
  if (first === GROUP) {
    const group = groups[groupName];
    if (group === undefined || rest.length > 0) {
      return { kind: "refused", problem: `After ${GROUP} comes one of: ${Object.keys(groups).join(", ")}.` };
    }
    return { kind: "chosen", canaries: group };
  }
  const unknown = args.filter((name) => !all.some((canary) => canary.name === name));
  if (unknown.length > 0) return { kind: "refused", problem: `There is no canary named ${unknown.join(", ")}.` };
  return { kind: "chosen", canaries: all.filter(({ name }) => args.includes(name)) };
}
