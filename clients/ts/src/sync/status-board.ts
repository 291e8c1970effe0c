import { INITIAL_STATUS, type Phase, type SyncStatus } from "./status.ts";

type Facts = Omit<Partial<SyncStatus>, "phase" | "undecided">;

/** Holds a sync's status and tells of each change. */
export class StatusBoard {
  #status: SyncStatus = INITIAL_STATUS;
  readonly #onStatus: (status: SyncStatus) => void;

  constructor(onStatus: (status: SyncStatus) => void) {
    this.#onStatus = onStatus;
  }

  get status(): SyncStatus {
    return this.#status;
  }

  /** Changes facts beside the phase. */
  report(facts: Facts): void {
    this.#set({ ...this.#status, ...facts });
  }

  /**
   * Enters a phase, or moves on in it, and changes facts with it. Progress is that of a phase alone; what waits for the
   * user's decision is kept beside the phases that follow.
   */
  phase(phase: Phase, facts: Facts = {}): void {
    const asks = phase.kind === "conflict" || phase.kind === "unrelated";
    const status = { ...this.#status, phase, ...(asks ? { undecided: phase } : {}) };
    delete status.progress;
    this.#set({ ...status, ...facts });
  }

  /** Something waits for a decision, whatever the phase is. */
  asks(undecided: NonNullable<SyncStatus["undecided"]>): void {
    this.#set({ ...this.#status, undecided });
  }

  /** Nothing waits for a decision any more. */
  decided(): void {
    if (this.#status.undecided === undefined) return;
    const status = { ...this.#status };
    delete status.undecided;
    this.#set(status);
  }

  #set(status: SyncStatus): void {
    this.#status = status;
    this.#onStatus(status);
  }
}
