import { describe, expect, it } from "vitest";
import { cleanse, countStripped, pathsOfStripped } from "./json.ts";

describe("cleansing a parsed value", () => {
  it.each(['{"a":{"__proto__":{"polluted":1},"b":2}}', '{"a":{"\\u005f_proto__":{"polluted":1},"b":2}}'])(
    "takes members called __proto__ out and leaves prototypes alone: %s",
    (text) => {
      const cleansed = cleanse(JSON.parse(text), []);

      expect(cleansed).toStrictEqual({ value: { a: { b: 2 } }, dropped: 1 });
      expect(JSON.stringify(cleansed?.value)).toBe('{"a":{"b":2}}');
    },
  );

  it("takes null members out, but neither null items nor what is strictly below keepNull", () => {
    const value = { a: null, b: [null, { c: null }], d: { e: null, f: { g: null } }, h: { d: null } };

    expect(cleanse(value, ["d"])?.value).toEqual({ b: [null, {}], d: { e: null, f: { g: null } }, h: {} });
    expect(cleanse(value, ["d.f"])?.value).toEqual({ b: [null, {}], d: { f: { g: null } }, h: {} });
    expect(cleanse({ d: null }, ["d"])?.value).toEqual({});
  });
});

describe("members that a schema left out", () => {
  it("are counted and named also when every object has one of that name", () => {
    const input = { on: true, toString: 1, place: { constructor: 2 } };
    const output = { on: true, place: {} };

    expect(countStripped(input, output)).toBe(2);
    expect(pathsOfStripped(input, output)).toEqual(["toString", "place.constructor"]);
  });
});
