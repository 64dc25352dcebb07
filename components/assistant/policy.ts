/** A canvas's rules for models as the page reads and sets them, and the budget in words. Drawing is elsewhere. */
import { api } from "../collab/http";
import { Store } from "../collab/store";

export type Privacy = "any" | "open" | "local";

/** `budget_usd` and `spent_usd` are of this calendar month; null is no budget. */
export interface Policy {
  privacy: Privacy;
  budget_usd: number | null;
  /** Above this price a run waits for a yes; null: none does. */
  confirm_above_usd: number | null;
  spent_usd: number;
}

export const PRIVACY: Record<Privacy, { name: string; says: string }> = {
  any: { name: "Any model", says: "Text may go to every model that is set up." },
  open: { name: "Open models only", says: "Text goes to models with open weights, wherever they run, and to your own machines." },
  local: { name: "Only this machine or network", says: "Text never leaves your own machines." },
};

/** The rules of the canvas on screen; null until they are read. */
export const policy = new Store<Policy | null>(null);
/** Counts questions, so that a late answer does not replace a newer one. */
let turn = 0;

/** Read the rules anew. Raises ApiError. */
export async function readPolicy(canvas: string): Promise<void> {
  const mine = ++turn;
  const found = await api<Policy>("GET", `/canvases/${canvas}/policy`);
  if (turn === mine) policy.set(found);
}

/** Set the rules. Raises ApiError. */
export async function savePolicy(canvas: string, rules: Omit<Policy, "spent_usd">): Promise<void> {
  const { privacy, budget_usd, confirm_above_usd } = rules;
  turn += 1;
  policy.set(await api<Policy>("PUT", `/canvases/${canvas}/policy`, { privacy, budget_usd, confirm_above_usd }));
}

/** “$0.42 of $5”: what was spent always in cents, the budget without needless ones. */
export function budgetWords(spent: number, budget: number): string {
  const cents = spent > 0 && spent < 0.01 ? "<$0.01" : `$${spent.toFixed(2)}`;
  return `${spent === 0 ? "$0" : cents} of $${Number.isInteger(budget) ? budget : budget.toFixed(2)}`;
}

/** How much of the budget is gone, 0 to 1. A budget of nothing is always used up. */
export function shareSpent(spent: number, budget: number): number {
  return budget <= 0 ? 1 : Math.min(1, Math.max(0, spent / budget));
}

/** Read what a person typed: an amount, null for none, undefined when it is no amount. */
export function amountOf(text: string): number | null | undefined {
  const plain = text.trim().replace(/^\$/, "").replace(",", ".").trim();
  if (plain === "") return null;
  return /^\d{1,6}(\.\d{1,2})?$/.test(plain) ? Number(plain) : undefined;
}
