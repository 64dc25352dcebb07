/** The models in the settings: what each is, where it runs, whether it answers; and how to add one. */
import { useEffect, useState } from "react";
import { knownModels } from "./runs";
import { NoModel } from "./ModelChoice";
import type { Model } from "./types";

export function ModelList() {
  const [models, setModels] = useState<readonly Model[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    knownModels().then(setModels, (error: unknown) => setProblem(error instanceof Error ? error.message : "The models could not be read."));
  }, []);
  if (problem !== null) return <p className="pc-bad">{problem}</p>;
  if (models === null) return <p className="pc-faint">Reading the models…</p>;
  if (models.length === 0) return <div className="pc-soft"><NoModel /></div>;
  return (
    <ul className="pc-lines">
      {models.map((model) => (
        <li key={model.id}>
          <i className="pc-health" data-healthy={model.healthy} aria-hidden="true" />
          <b className="pc-cut">{model.name}</b>
          <span className="pc-faint pc-cut pc-grow">{model.healthy ? priceOf(model) : (model.why_not ?? "does not answer")}</span>
          <span className="pc-pill">{model.open ? "open" : "closed"}</span>
          <span className="pc-pill">{model.local ? "on this machine" : model.provider}</span>
        </li>
      ))}
    </ul>
  );
}

function priceOf({ price, local }: Model): string {
  if (price === null) return local ? "no price" : "price unknown";
  return price.in === 0 && price.out === 0 ? "$0" : `$${price.in} in, $${price.out} out per million tokens`;
}
