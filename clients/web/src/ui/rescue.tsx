import { Component, type ErrorInfo, type ReactNode } from "react";

interface Props {
  /** Another place is another try. */
  readonly place: string;
  readonly children: ReactNode;
}

interface State {
  readonly place: string;
  readonly error: unknown;
}

/**
 * Shows that a part of the page broke, in place of a blank page: by data nobody thought of, or because the relay has
 * been updated and no longer has a part of this page that is only now needed.
 */
export class Rescue extends Component<Props, State> {
  override state: State = { place: this.props.place, error: undefined };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error };
  }

  static getDerivedStateFromProps({ place }: Props, state: State): State | null {
    return place === state.place ? null : { place, error: undefined };
  }

  override componentDidCatch(error: unknown, { componentStack }: ErrorInfo): void {
    console.warn("A part of the page broke.", error, componentStack);
  }

  override render(): ReactNode {
    if (this.state.error === undefined) return this.props.children;
    return (
      <section className="card" role="alert">
        <h1>This part of the page broke</h1>
        <p>
          Your files and their history are safe. The page may have been updated meanwhile: reload to
          get the version that fits.
        </p>
        <button
          className="btn primary"
          onClick={() => {
            location.reload();
          }}
        >
          Reload
        </button>
      </section>
    );
  }
}
