import { useEffect } from "react";
import type * as v from "valibot";
import { expectAnswer } from "../account/request.ts";
import { createValue, useValue } from "../ui/value.ts";
import { statsSchema } from "./admin-api.ts";

/** The relay's figures at one moment. */
export type Figures = v.InferOutput<typeof statsSchema>;

/** The relay keeps no past figures: what the plots show is asked for while somebody looks. */
const EVERY_MS = 10_000;
/** Ten minutes. */
export const KEPT_SAMPLES = 60;

const samples = createValue<readonly Figures[]>([]);

/** Asks for the relay's figures and adds them to those of the last minutes. */
export async function takeSample(): Promise<Figures> {
  const figures = await expectAnswer({ method: "GET", path: "/admin/stats", schema: statsSchema });
  samples.set([...samples.get(), figures].slice(-KEPT_SAMPLES));
  return figures;
}

/** The figures of the last ten minutes, as far as this page was open; the newest last. */
export function useSamples(): readonly Figures[] {
  useEffect(() => {
    const timer = setInterval(() => {
      // One that fails leaves no gap that matters; the next one comes.
      takeSample().catch(() => undefined);
    }, EVERY_MS);
    return () => {
      clearInterval(timer);
    };
  }, []);
  return useValue(samples);
}
