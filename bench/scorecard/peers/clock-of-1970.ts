/**
 * Loaded before a peer: its calendar begins with the Unix epoch, as that of a board without a battery does until it has asked
 * somebody. The monotonic clock, and with it every timer, is left alone.
 */
const shiftMs = Date.now();
const now = (): number => RealDate.now() - shiftMs;
const RealDate = Date;

const DateOf1970 = new Proxy(RealDate, {
  construct: (target, given) => (given.length === 0 ? new target(now()) : Reflect.construct(target, given)),
  get: (target, member) => (member === "now" ? now : Reflect.get(target, member)),
});

Object.defineProperty(globalThis, "Date", { value: DateOf1970 });
