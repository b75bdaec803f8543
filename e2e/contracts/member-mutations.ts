/** One thing wrong with one member. */
import type { Dice } from "../../bench/scorecard/dice.ts";
import type { Member, Path } from "./members.ts";
import { deep, edgeNumber, hugeText, oddText, otherKind, outOfBound, pick } from "./odd-values.ts";
import { rawJson, toJsonText } from "./raw-json.ts";

/** A member where it stands: in an object or a list of a copy that may be changed. */
interface Site {
  readonly holder: object;
  readonly key: string;
  readonly member: Member;
  readonly dice: Dice;
}

const set = ({ holder, key }: Site, value: unknown): void => void Reflect.set(holder, key, value);
const get = ({ holder, key }: Site): unknown => Reflect.get(holder, key);
/** Beside the member, in the object that holds it; into the list before it. */
const beside = ({ holder }: Site, name: string, value: unknown): void => {
  if (Array.isArray(holder)) holder.unshift(value);
  else Object.defineProperty(holder, name, { value, enumerable: true, configurable: true });
};

const drop = ({ holder, key }: Site): void => {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else Reflect.deleteProperty(holder, key);
};

const rename = (site: Site): void => {
  const { key, dice } = site;
  const value = get(site);
  drop(site);
  const names = [
    `${key}_`,
    key.toUpperCase(),
    ` ${key}`,
    key.slice(1),
    `${key}\u0000`,
    key.replaceAll("_", ""),
  ] as const;
  beside(site, pick(dice, [...names]), value);
};

const KINDS = {
  drop,
  rename,
  retype: (site) => set(site, otherKind(site.dice)),
  null: (site) => set(site, null),
  bound: (site) => set(site, outOfBound(site.member.nodes, site.dice)),
  number: (site) => set(site, edgeNumber(site.dice)),
  odd_text: (site) => set(site, oddText(site.dice)),
  huge_text: (site) => set(site, hugeText(site.dice)),
  longer_text: (site) => set(site, `${get(site)}${oddText(site.dice)}`),
  wrapped: (site) => set(site, pick<unknown>(site.dice, [[get(site)], { [site.key]: get(site) }])),
  deep: (site) => set(site, deep(site.dice)),
  twice: (site) => {
    const [first, second] = site.dice.shuffled([get(site), otherKind(site.dice)]).map(toJsonText);
    set(
      site,
      rawJson(Array.isArray(site.holder) ? `${first},${second}` : `${first},${JSON.stringify(site.key)}:${second}`),
    );
  },
  stranger: (site) =>
    beside(site, pick(site.dice, ["x_stranger", "constructor", "toString", ""]), otherKind(site.dice)),
  deep_stranger: (site) => beside(site, "x_stranger", deep(site.dice)),
  prototype: (site) => beside(site, "__proto__", pick<unknown>(site.dice, [{ polluted: 1 }, null, 1, get(site)])),
} as const satisfies Readonly<Record<string, (site: Site) => void>>;

const NAMES = Object.keys(KINDS) as readonly (keyof typeof KINDS)[]; // the keys of the record just above

/** The data with one thing wrong at the place, and what that is. May hold texts of `rawJson`. */
export function mutateMember(
  data: unknown,
  { member, place, dice }: { readonly member: Member; readonly place: Path; readonly dice: Dice },
): { readonly data: unknown; readonly how: string } {
  const copy: unknown = structuredClone(data);
  const holder = place.slice(0, -1).reduce<unknown>((part, key) => Reflect.get(Object(part), key), copy);
  const name = NAMES[dice.below(NAMES.length)] ?? "drop";
  KINDS[name]({ holder: Object(holder), key: place.at(-1) ?? "", member, dice });
  return { data: copy, how: `${name} at ${place.join(".")}` };
}
