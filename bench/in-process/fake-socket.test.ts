import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { FakeSocket, type FakeSocketOptions } from "./fake-socket.ts";

function open(options: FakeSocketOptions = {}) {
  const written: string[] = [];
  let readableCount = 0;
  const socket = new FakeSocket(options, () => ({
    onBytes: (bytes) => void written.push(Buffer.from(bytes).toString()),
    onReadable: () => {
      readableCount += 1;
    },
  }));
  return { socket, written, readableCount: () => readableCount };
}

describe("a fake socket", () => {
  test("hands over what it is given as data, and ends when the other side hangs up", async () => {
    const { socket } = open();
    const received: string[] = [];
    socket.on("data", (chunk: Buffer) => received.push(chunk.toString()));

    expect(socket.deliver(Buffer.from("abc"))).toBe(true);
    socket.hangUp();
    await once(socket, "close");

    expect(received).toEqual(["abc"]);
  });

  test("with onread fills the given buffer again and again, and ends all the same", async () => {
    const received: string[] = [];
    const callback = (count: number, buffer: Uint8Array): boolean => {
      received.push(Buffer.from(buffer.subarray(0, count)).toString());
      return true;
    };
    const { socket } = open({ onread: { buffer: Buffer.alloc(4), callback } });

    expect(socket.deliver(Buffer.from("abcdefghij"))).toBe(true);
    socket.hangUp();
    await once(socket, "close");

    expect(received).toEqual(["abcd", "efgh", "ij"]);
  });

  test("says when nobody takes its bytes, and when somebody does again", async () => {
    const { socket, readableCount } = open({ readableHighWaterMark: 4 });

    expect(socket.deliver(Buffer.from("abcdefgh"))).toBe(false);
    expect(readableCount()).toBe(0);
    socket.resume();
    await once(socket, "data");
    await new Promise((resolve) => setImmediate(resolve));

    expect(readableCount()).toBe(1);
  });

  test("gives the other side what is written, in the pieces in which it was", () => {
    const { socket, written } = open();

    socket.write("a");
    socket.cork();
    socket.write("b");
    socket.write("c");
    expect(written).toEqual(["a"]);
    socket.uncork();

    expect(written).toEqual(["a", "b", "c"]);
    expect(socket.writableLength).toBe(0);
  });

  test("takes so much in one turn of the event loop, and the rest in a later one", async () => {
    const { socket } = open({ writableHighWaterMark: 1 });

    const isTaken = socket.write(Buffer.alloc(300 * 1024));
    expect(socket.writableLength).toBe(300 * 1024);
    await once(socket, "drain");

    expect(isTaken).toBe(false);
    expect(socket.writableLength).toBe(0);
  });
});
