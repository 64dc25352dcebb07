"""How sure the router is that a model's result will be accepted: a prior, and the team's own verdicts. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Belief:
    """A Beta distribution over the chance of success: a prior worth `weight` imagined verdicts, and the real counts.

    `prior` is 0..1; `accepted` and `rejected` count this team's decisions for this model and action; `source`
    names where the prior comes from, as it stands in a sentence.
    """

    prior: float
    weight: float
    source: str
    accepted: int = 0
    rejected: int = 0

    @property
    def mean(self) -> float:
        """The mean of the Beta posterior: (prior × weight + accepted) ÷ (weight + accepted + rejected)."""
        total = self.weight + self.accepted + self.rejected
        return (self.prior * self.weight + self.accepted) / total if total else self.prior

    def sentence(self, label: str) -> str:
        """Say what is expected and from how much evidence, without claiming more than the counts carry."""
        seen = self.accepted + self.rejected
        own = f"{self.accepted} of {seen} accepted here" if seen else "nothing decided here yet"
        return f"{label}: about {self.mean:.0%} expected to be accepted ({self.source}; {own})."


EXACT = Belief(prior=1.0, weight=1.0, source="an exact tool")
