import { expect, test } from "vitest";
import { namesOf, rename } from "./names.ts";

test("the template's name is replaced in every form", () => {
  const text = "sample-service sample_service SAMPLE_SERVICE SampleServiceConfig sampleServiceService";

  expect(rename(text, namesOf("weather-worker"))).toBe(
    "weather-worker weather_worker WEATHER_WORKER WeatherWorkerConfig weatherWorkerService",
  );
});

test.for(["", "Weather", "weather_worker", "-weather", "weather-", "../weather"])("%j is no service name", (name) => {
  expect(() => namesOf(name)).toThrow("is no service name");
});
