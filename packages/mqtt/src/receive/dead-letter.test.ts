import { expect, test } from "vitest";
import { describeError, describePayload, KEPT_PAYLOAD_BYTES, parseDeadLetter } from "./dead-letter.ts";

const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const LETTER = { id: "1", topic: "a/b", reason: "contract", failed_at: 1.5 };

test("a payload is kept as base64 with its length", () => {
  expect(describePayload(Buffer.from("hello"), { isPrivate: false })).toEqual({
    payload_bytes: 5,
    payload: "aGVsbG8=",
  });
});

test("of a long payload the first 64 KiB are kept, and the letter says that it is cut", () => {
  const whole = Buffer.alloc(KEPT_PAYLOAD_BYTES, 1);
  const long = Buffer.concat([whole, Buffer.from([2])]);

  const [kept, cut] = [whole, long].map((payload) => describePayload(payload, { isPrivate: false }));

  expect(kept).toEqual({ payload_bytes: KEPT_PAYLOAD_BYTES, payload: whole.toString("base64") });
  expect(cut).toEqual({ payload_bytes: long.length, payload: whole.toString("base64"), truncated: true });
});

test("of a private message only the names and the lengths of its fields are kept", () => {
  const payload = bytes({ id: "1", data: { text: "secret", level: 12, place: { room: "bath" }, gone: null } });

  const described = describePayload(payload, { isPrivate: true });

  expect(described).toEqual({ payload_bytes: payload.length, fields: { text: 6, level: 2, place: 15, gone: 4 } });
});

test.each([
  { what: "bytes that are no JSON", payload: Buffer.from([0xff, 0xfe]), fields: {} },
  { what: "a bare scalar", payload: bytes("secret"), fields: {} },
  { what: "data that is a scalar", payload: bytes({ data: "secret" }), fields: {} },
  { what: "a bare object", payload: bytes({ text: "secret" }), fields: { text: 6 } },
])("of $what on a private topic nothing is kept but lengths", ({ payload, fields }) => {
  expect(describePayload(payload, { isPrivate: true })).toEqual({ payload_bytes: payload.length, fields });
});

test("a field called __proto__ is not told of, for no reader of bare JSON would take the letter", () => {
  const payload = Buffer.from('{"data":{"__proto__":{"secret":1},"text":"secret"}}');

  const described = describePayload(payload, { isPrivate: true });

  expect(JSON.stringify(described.fields)).toBe('{"text":6}');
});

test("the fields of a private message are bounded in number and in the length of their names", () => {
  const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`${n}${"x".repeat(500)}`, "v"]));

  const described = describePayload(bytes({ data: many }), { isPrivate: true });

  expect(JSON.stringify(described).length).toBeLessThan(10_000);
});

test("an error is told by name and text, of a private message by name only", () => {
  const error = new RangeError("the text was: secret");

  expect(describeError(error, { isPrivate: false })).toBe("RangeError: the text was: secret");
  expect(describeError(error, { isPrivate: true })).toBe("RangeError");
  expect(describeError("secret", { isPrivate: false })).toBe("secret");
  expect(describeError("secret", { isPrivate: true })).toBe("string");
});

test.each([
  { what: "a long text", error: new Error("x".repeat(100_000)) },
  { what: "a long name", error: Object.assign(new Error("x"), { name: "N".repeat(100_000) }) },
  { what: "a long string", error: "x".repeat(100_000) },
])("an error with $what is cut", ({ error }) => {
  expect(describeError(error, { isPrivate: false }).length).toBeLessThanOrEqual(2_001);
});

test.each([
  { what: "without a prototype", error: Object.create(null) },
  {
    what: "whose text throws",
    error: {
      toString: () => {
        throw new Error("worse");
      },
    },
  },
  { what: "with a message that is no text", error: Object.assign(new Error("x"), { message: Symbol("odd") }) },
])("something thrown $what is described all the same", ({ error }) => {
  expect(typeof describeError(error, { isPrivate: false })).toBe("string");
});

test("a letter is read back from its bytes", () => {
  expect(parseDeadLetter(bytes(LETTER))).toEqual(LETTER);
});

test.each([
  { what: "nothing", payload: Buffer.alloc(0) },
  { what: "no JSON", payload: Buffer.from("{") },
  { what: "null", payload: bytes(null) },
  { what: "a scalar", payload: bytes(7) },
  { what: "a letter without a time", payload: bytes({ ...LETTER, failed_at: undefined }) },
  { what: "a letter on a filter", payload: bytes({ ...LETTER, topic: "a/#" }) },
])("what is no letter ($what) is not read as one", ({ payload }) => {
  expect(parseDeadLetter(payload)).toBeUndefined();
});
