"""A logistic regression that is small enough to read: the model behind most credit scorecards.

scikit-learn's ``LogisticRegression`` gives the same chances (a test compares them); this one needs nothing but numpy, so a notebook
that fits one model does not wait for a library.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..core.errors import UsageError

STEPS = 50
"""Newton steps after which a fit is given up; seven or eight are usual."""


@dataclass(frozen=True)
class Logistic:
    """A fitted model: ``log(p / (1 - p)) = constant + sum of weight × standardised column``.

    Attributes
    ----------
    weights
        One weight for each column, in standard deviations of that column; positive weights raise the chance.
    constant
        The value for an average case.
    """

    weights: pd.Series
    constant: float
    means: pd.Series
    spreads: pd.Series

    @classmethod
    def fit(cls, features: pd.DataFrame, outcome: pd.Series, penalty: float = 1.0) -> Logistic:
        """Fit by maximum likelihood with a ridge penalty on the weights.

        Parameters
        ----------
        features
            One row for each case, numbers or ``True``/``False`` only (``pd.get_dummies`` turns codes into such columns).
        outcome
            Whether the event happened (0 or 1), in the order of ``features``.
        penalty
            Half of it times the sum of squared weights is added to the loss; 1 is scikit-learn's default (``C=1``).

        Raises
        ------
        UsageError
            If a column holds text or gaps, the lengths differ, or the outcome is not made of zeros and ones, both present; or if no weights
            are best (without a penalty, where the features tell the outcome for certain).
        """
        cls._examine(features, outcome)
        table = features.astype(float)
        means, spreads = table.mean(), table.std(ddof=0)
        spreads = spreads.where(spreads > 0, 1.0)
        x = ((table - means) / spreads).to_numpy()
        y = np.asarray(outcome, dtype=float)
        x1 = np.column_stack([np.ones(len(x)), x])
        ridge = penalty * np.diag([0.0, *np.ones(x.shape[1])])
        found = np.zeros(x1.shape[1])
        # Newton's method; without a penalty it runs away where a column tells the outcome for certain.
        # einsum stays in one thread: at this size the threads of a matrix library cost more than they bring.
        for _ in range(STEPS):
            p = 1 / (1 + np.exp(-np.clip(np.einsum("ij,j->i", x1, found), -500, 500)))
            slope = np.einsum("ij,i->j", x1, p - y) + np.diag(ridge) * found
            bend = np.einsum("ij,ik->jk", x1 * (p * (1 - p))[:, None], x1) + ridge
            try:
                step = np.linalg.solve(bend, slope)
            except np.linalg.LinAlgError:
                raise UsageError("logistic.unsettled", penalty=penalty) from None
            found = found - step
            if np.abs(step).max() < 1e-9:
                break
        else:
            raise UsageError("logistic.unsettled", penalty=penalty)
        return cls(pd.Series(found[1:], index=table.columns), float(found[0]), means, spreads)

    def chances(self, features: pd.DataFrame) -> pd.Series:
        """Return each case's chance of the event, between 0 and 1; a column that the model does not know is left out, one that is
        missing (a code that does not occur) counts as 0."""
        table = features.reindex(columns=self.weights.index, fill_value=0).astype(float)
        value = ((table - self.means) / self.spreads * self.weights).sum(axis=1) + self.constant
        return 1 / (1 + np.exp(-value))

    @staticmethod
    def _examine(features: pd.DataFrame, outcome: pd.Series) -> None:
        if len(features) != len(outcome):
            raise UsageError("logistic.length", features=len(features), outcome=len(outcome))
        text = [str(name) for name, kind in features.dtypes.items() if kind.kind not in "biuf"]
        if text or features.isna().any(axis=None):
            bad = text or [str(name) for name in features.columns[features.isna().any()]]
            raise UsageError("logistic.column", columns=", ".join(bad[:5]))
        if set(np.unique(np.asarray(outcome, dtype=float))) != {0.0, 1.0}:
            raise UsageError("logistic.outcome")
