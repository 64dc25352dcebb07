/** What stands where drawing a page failed: what is safe, what to do, and the words for whoever mends it. */
import "./shell.css";
import { Component, type ReactNode } from "react";

interface State {
  error: Error | null;
}

export class Fault extends Component<{ children?: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <main className="pc-middle pc-fault">
        <section className="pc-entry" role="alert">
          <h1>This page broke</h1>
          <p>What was saved is safe on the server, and edits that were not are kept in this browser. Reload to go on.</p>
          <div className="pc-row-gap">
            <button type="button" className="pc-button pc-button-go" onClick={() => window.location.reload()}>Reload</button>
            <a className="pc-button" href="/">All canvases</a>
          </div>
          <details>
            <summary>What went wrong</summary>
            <pre>{`${error.name}: ${error.message}\n${error.stack ?? ""}`}</pre>
          </details>
        </section>
      </main>
    );
  }
}
