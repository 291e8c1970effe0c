/** Counts what one isolate answered since it started. */
export interface RequestCounter {
  count(method: string, route: string, status: number): void;
  /** In Prometheus' text format. */
  format(): string;
}

/** A counter for one isolate. */
export function createRequestCounter(): RequestCounter {
  const counts = new Map<string, number>();
  return {
    count(method, route, status) {
      const labels = `method="${method}",route="${route}",status="${status}"`;
      counts.set(labels, (counts.get(labels) ?? 0) + 1);
    },
    format() {
      const lines = [...counts].map(
        ([labels, value]) => `gitblobs_isolate_requests_total{${labels}} ${value}`,
      );
      return [
        "# HELP gitblobs_isolate_requests_total Requests answered by the isolate that answers this.",
        "# TYPE gitblobs_isolate_requests_total counter",
        ...lines,
        "",
      ].join("\n");
    },
  };
}
