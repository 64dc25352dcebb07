/** Where one acts it says why not: a toast would lie over the form, and go before one has read it. */
export function Refused({ why }: { why: string }) {
  return why === "" ? null : <p className="pc-history-refused" role="alert">{why}</p>;
}
