import { paramsOf, type RawTopic, type Topic } from "../contract/index.ts";

type Params = Readonly<Record<string, string>>;

/** More topics than one subscription of a robot hears; over it they are taken apart again. */
const MAX_REMEMBERED = 1_024;

/** `paramsOf` of one subscription's topic, remembered for the concrete topics that come again and again. */
export function createParamsReader(topic: Topic | RawTopic): (concrete: string) => Params {
  if ("raw" in topic) return () => ({});
  const remembered = new Map<string, Params>();
  return (concrete) => {
    const known = remembered.get(concrete);
    if (known !== undefined) return known;
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    // Many handlers get the same one.
    const params = Object.freeze(paramsOf(topic, concrete));
    remembered.set(concrete, params);
    return params;
  };
}
