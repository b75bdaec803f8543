import { expect, test } from "vitest";
import { instanceName, REPLICA_MAX, replicaOf } from "./instance-name.ts";

test("a service that runs once is called as it is, and is nobody's replica", () => {
  expect(instanceName("llm-worker", undefined)).toBe("llm-worker");
  expect(replicaOf("llm-worker")).toBeUndefined();
});

test("the name of each replica says whose it is, and which", () => {
  const replicas = Array.from({ length: REPLICA_MAX }, (_, index) => index + 1);

  expect(replicas.map((replica) => replicaOf(instanceName("llm-worker", replica)))).toEqual(
    replicas.map((replica) => ({ service: "llm-worker", replica })),
  );
});

test.each(["arm.0", "arm.65", "arm.02", "arm.two", "arm.", ".2", "arm.2.b", "arm.-1"])("%s is no replica", (name) => {
  expect(replicaOf(name)).toBeUndefined();
});
