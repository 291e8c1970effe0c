import { createValue, useValue } from "./value.ts";

/** Something that takes a while and shows how far it is. */
interface Work {
  readonly id: number;
  readonly title: string;
  readonly done: number;
  /** Undefined while nobody knows how much there is. */
  readonly total: number | undefined;
}

/** Says how far a work is; without a total it says only that it goes on. */
export type ReportWork = (title: string, done?: number, total?: number) => void;

const running = createValue<readonly Work[]>([]);
let nextId = 1;

/** Runs a long work and shows its progress until it ends, however it ends. */
export async function withProgress<T>(
  title: string,
  work: (report: ReportWork) => Promise<T>,
): Promise<T> {
  const id = nextId++;
  const others = () => running.get().filter((other) => other.id !== id);
  const report: ReportWork = (now, done = 0, total) => {
    running.set([...others(), { id, title: now, done, total }]);
  };
  report(title);
  try {
    return await work(report);
  } finally {
    running.set(others());
  }
}

/** The works that are running; they lie over the page, so that nothing jumps. */
export function WorkBar() {
  const works = useValue(running);
  return (
    <div className="works" role="status">
      {works.map(({ id, title, done, total }) => (
        <label key={id} className="work">
          {total === undefined ? `${title} …` : `${title}: ${done} of ${total}`}
          <progress {...(total === undefined ? {} : { value: done, max: total })} />
        </label>
      ))}
    </div>
  );
}
