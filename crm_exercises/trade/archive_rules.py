"""The rules of a customer archive: five rules of keeping, the company's policy, and who has which rights.

Sources: the five rules (dynamic management, dedicated person, query, lending, distribution) and the five classes of file are those of
the course; the policy (a file for every contact, durable media, approval, correction, inspection) follows a company's customer
information policy; the numbers (14 days, 3 documents) are those of the fictional Yunqi Stationery.
"""

from __future__ import annotations

from typing import Any

from ..core.errors import CrmError
from ..core.messages import Message

CLASSES = (1, 2, 3, 4, 5)
"""1 basic data, 2 contracts and orders, 3 arrears and repayment, 4 transaction record, 5 returns, claims and discounts."""

DURABLE = ("print", "carbon", "blue_black")
"""Inks that last: laser print, carbon ink, blue-black ink."""

TERM = 14
"""Longest term of a loan, in days."""

LIMIT = 3
"""How many documents one borrower may have at a time."""

MONTHS = 6
"""Months from one full inspection to the next."""

ARCHIVIST, READER, SERVICE_MANAGER, GENERAL_MANAGER = "archivist", "reader", "service_manager", "general_manager"
ROLES = (ARCHIVIST, READER, SERVICE_MANAGER, GENERAL_MANAGER)
"""The dedicated person, who alone maintains; those who look up and borrow; the two managers, who also review and approve."""

RULE_OF = {
    "rights": "lending", "term": "lending", "out": "lending", "overdue": "lending", "limit": "lending",
    "not_out": "lending", "too_soon": "lending", "still_out": "lending",
    "log_in": "query", "role": "query",
    "not_archivist": "dedicated", "one_archivist": "dedicated",
    "no_card": "filing", "card_there": "filing",
    "no_class": "classes", "document_there": "classes",
    "ink": "media",
    "no_such_card": "dynamic", "no_such_document": "dynamic", "nothing_new": "dynamic", "number_stays": "dynamic", "has_documents": "dynamic",
    "review": "report", "approval": "report", "reviewer": "report", "approver": "report",
    "not_issued": "correction", "corrector": "correction",
    "receiver": "distribution", "no_report": "distribution",
    "not_full": "inspection", "not_missing": "inspection",
}  # fmt: skip
"""Which rule stands behind each reason of a refusal."""


class ArchiveError(CrmError):
    """An error of the archive."""


class RefusedError(ArchiveError):
    """The archive refuses what one of its rules forbids.

    Attributes
    ----------
    reason
        Why, as one word (``"out"``, ``"overdue"`` …).
    rule
        The rule behind it: ``"dynamic"``, ``"dedicated"``, ``"query"``, ``"lending"``, ``"distribution"``, or a rule of the policy
        (``"filing"``, ``"classes"``, ``"media"``, ``"report"``, ``"correction"``, ``"inspection"``).
    """

    def __init__(self, reason: str, /, **params: Any) -> None:
        self.reason, self.rule = reason, RULE_OF[reason]
        super().__init__(f"archive.refused.{reason}", rule=Message(f"archive.rule.{self.rule}"), **params)
