import { expect, test } from "vitest";
import { ABSENT, type PresenceEvent, type PresenceView, step } from "./presence-view.ts";

const SILENCE = { silenceMs: 45_000 };
const heard = (session: string, parts: Partial<Extract<PresenceEvent<string>, { type: "heard" }>> = {}) =>
  ({ type: "heard", value: session, session, isAlive: true, retained: false, nowMs: 0, ...parts }) as const;
const willOf = (session: string) => heard(session, { isAlive: false });
const looked = (nowMs: number) => ({ type: "looked", nowMs }) as const;
const after = (...events: readonly PresenceEvent<string>[]): PresenceView<string> =>
  events.reduce<PresenceView<string>>((view, event) => step(view, event, SILENCE), ABSENT);

test("a retained value alone is unverified, and a live one of the same session makes it alive", () => {
  const retained = heard("a", { retained: true });

  expect([after(retained).kind, after(retained, heard("a")).kind]).toEqual(["unverified", "alive"]);
});

test("45 s without a word nobody is believed to be there, retained or heard, and not a millisecond earlier", () => {
  for (const word of [heard("a"), heard("a", { retained: true })]) {
    const early = after(word, looked(44_999));

    expect(early).toEqual(after(word));
    expect(step(early, looked(45_000), SILENCE).kind).toBe("unknown");
  }
});

test("what the broker keeps of a session that was heard does not begin the silence anew, however often it comes", () => {
  const again = (nowMs: number) => heard("a", { retained: true, nowMs });

  const view = after(heard("a"), again(30_000), looked(44_999), again(44_999));

  expect(view.kind).toBe("unverified");
  expect(step(view, looked(45_000), SILENCE).kind).toBe("unknown");
  expect(after(heard("a"), looked(45_000), again(50_000)).kind).toBe("unknown");
});

test("what the broker keeps of another session is news, and unverified", () => {
  for (const events of [[heard("a")], [heard("a"), looked(45_000)], [willOf("a")]]) {
    expect(after(...events, heard("b", { retained: true, nowMs: 50_000 }))).toMatchObject({
      kind: "unverified",
      heardAtMs: 50_000,
    });
  }
});

test("each word begins the silence anew", () => {
  expect(after(heard("a"), heard("a", { nowMs: 30_000 }), looked(74_999)).kind).toBe("alive");
  expect(after(heard("a"), heard("a", { nowMs: 30_000 }), looked(75_000)).kind).toBe("unknown");
});

test("the will of the present session means that it is lost", () => {
  expect(after(heard("a"), willOf("a"))).toEqual({ kind: "lost", value: "a", session: "a" });
});

test("the late will of an earlier session is not believed", () => {
  expect(after(heard("a"), heard("b"), willOf("a"))).toEqual(after(heard("a"), heard("b")));
});

test("a will is believed where no birth was seen, and a birth is believed after it", () => {
  expect([after(willOf("a")).kind, after(willOf("a"), heard("b")).kind]).toEqual(["lost", "alive"]);
});

test("silence changes nothing for who is lost, unknown or absent", () => {
  for (const view of [ABSENT, after(willOf("a")), after(heard("a"), looked(45_000))]) {
    expect(step(view, looked(1_000_000), SILENCE)).toEqual(view);
  }
});

test("what the owner cleared is absent, whatever it was", () => {
  for (const events of [[heard("a")], [willOf("a")], [heard("a", { retained: true })]]) {
    expect(after(...events, { type: "cleared" })).toEqual(ABSENT);
  }
});
