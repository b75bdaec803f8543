import { aborted, type Service } from "@ts-tars/service";
import { expect, test } from "vitest";
import { DeadlineError } from "./deadline.ts";
import { recorder } from "./recorder.ts";
import { openWorld } from "./world.ts";

/** Says what happens to it. */
function talker(name: string, story: (line: string) => void): Service {
  return async ({ stop, ready }) => {
    story(`${name} started`);
    ready();
    await aborted(stop);
    story(`${name} stopped`);
  };
}

test("A world starts all services, and stops them when it is disposed", async () => {
  const story = recorder<string>();
  {
    await using world = await openWorld({ services: { a: talker("a", story.push), b: talker("b", story.push) } });
    expect([world.isRunning("a"), world.isRunning("b")]).toEqual([true, true]);
  }

  expect(story.seen.toSorted()).toEqual(["a started", "a stopped", "b started", "b stopped"]);
});

test("One service can be stopped and started again while the others run", async () => {
  const story = recorder<string>();
  await using world = await openWorld({ services: { a: talker("a", story.push), b: talker("b", story.push) } });

  await world.stop("a");
  expect([world.isRunning("a"), world.isRunning("b")]).toEqual([false, true]);
  await world.start("a");

  expect(story.seen.filter((line) => line === "a started")).toHaveLength(2);
  await expect(world.start("b")).rejects.toThrow('"b" runs already');
});

test("When one service fails to start, the others are stopped and its error is thrown", async () => {
  const story = recorder<string>();
  const failing: Service = async () => {
    throw new Error("no microphone");
  };

  await expect(openWorld({ services: { a: talker("a", story.push), failing } })).rejects.toThrow("no microphone");

  expect(story.seen).toEqual(["a started", "a stopped"]);
});

test("A service that returns without being ready is an error that names it", async () => {
  await expect(openWorld({ services: { quitter: async () => undefined } })).rejects.toThrow(
    'Service "quitter" ended before it was ready.',
  );
});

test("A service that is not ready in time is named", async () => {
  const services = { sleeper: ({ stop }: Parameters<Service>[0]) => aborted(stop) };

  await expect(openWorld({ services, readyDeadlineMs: 5 })).rejects.toThrow(/"sleeper" is not ready/);
});

test("A service that does not end when it is told to is named", async () => {
  const deaf: Service = ({ ready }) => {
    ready();
    return new Promise(() => undefined);
  };
  const world = await openWorld({ services: { deaf }, stopDeadlineMs: 5 });

  await expect(world.stop()).rejects.toThrow(DeadlineError);
  await expect(world.stop()).rejects.toThrow(/"deaf" was told to stop/);
});

test("What a running service throws is heard at its end and at the stop", async () => {
  let crash: (error: Error) => void = () => undefined;
  const crashed = new Promise<void>((_resolve, reject) => {
    crash = reject;
  });
  const world = await openWorld({
    services: {
      crasher: async ({ ready }) => {
        ready();
        await crashed;
      },
    },
  });

  crash(new Error("crashed later"));

  await expect(world.ended("crasher")).rejects.toThrow("crashed later");
  expect(world.isRunning("crasher")).toBe(false);
  await expect(world.stop()).rejects.toThrow("crashed later");
});
