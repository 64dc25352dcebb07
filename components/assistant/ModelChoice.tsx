/** The list of models to ask instead, with what each is and why it cannot be asked now; or how to add one. */
import { useEffect, useState } from "react";
import { changeModel, knownModels } from "./runs";
import type { Model } from "./types";

export interface ModelChoiceProps {
  action: string;
  current: string | null;
  onChosen: () => void;
}

export function ModelChoice({ action, current, onChosen }: ModelChoiceProps) {
  const [models, setModels] = useState<readonly Model[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let left = false;
    knownModels().then(
      (found) => !left && setModels(found),
      (error: unknown) => !left && setProblem(error instanceof Error ? error.message : "The models could not be read. Try again."),
    );
    return () => {
      left = true;
    };
  }, []);
  return (
    <div className="pc-sheet pc-models" role="region" aria-label="Change the model">
      <h2>Ask another model</h2>
      {problem !== null && <p className="pc-bad">{problem}</p>}
      {models?.length === 0 && <NoModel />}
      <ul>
        {models?.map((model) => {
          const why = model.why_not ?? (model.actions.length > 0 && !model.actions.includes(action) ? `does not do ${action}` : null);
          return (
            <li key={model.id}>
              <button type="button" disabled={why !== null || model.id === current} onClick={() => { onChosen(); void changeModel(model.id); }}>
                <b>{model.name}</b>
                <span className="pc-faint">{model.provider}</span>
                <span className="pc-faint">{why ?? (model.id === current ? "asked now" : `${model.open ? "open" : "closed"}, ${model.local ? "on this machine" : "leaves this machine"}`)}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

export function NoModel() {
  return (
    <p>
      No model is set up. Start a local model server (Ollama, LM Studio, llama.cpp or vLLM), set a provider’s key in the server’s
      environment, or name one in <code>models.toml</code>; then restart. Format, Fix lint and Calculate work without one.
    </p>
  );
}
