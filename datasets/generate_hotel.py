"""Hotel A in Suzhou, fictional: three messy guest lists, the guest file behind them, and two years of stays with questionnaires.

What drives the case: from April 2025 the bar of a neighbour makes the north wing loud at night. Guests grumble most about the price,
staying or leaving; but those who leave for good slept badly. So counting complaints misleads, and comparing leads to the cause.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from heapq import nsmallest
from random import Random

import fictional as f

SEED, GUESTS, DRAW = 20251208, 3000, 500
FIRST, LAST = date(2024, 1, 1), date(2025, 12, 31)
LOUD = date(2025, 4, 1)
REGULAR, PRESENT = 3, 180
LEVELS = {"none": 62, "silver": 27, "gold": 11}
SCORES = ("room", "quiet", "breakfast", "front_desk", "price")
LEAVES = {"quiet": 0.62, "breakfast": 0.10, "front_desk": 0.12, "room": 0.10, "price": 0.02}
"""How likely a regular guest is to leave for good after a low score, by its aspect."""


def rows(name: str) -> list[list[str]]:
    """Return the rows of one of the four ``hotel_`` tables as text, in the order of the schema."""
    ids = [f"G{number:05}" for number in range(1, GUESTS + 1)]
    published = set(nsmallest(DRAW, ids, key=lambda one: sha256(f"0|guest_id|{one}".encode()).digest()))
    found: dict[str, list[list[str]]] = {}
    for number in ids:
        guest = Guest(Random(f"{SEED}|{number}"), number)
        parts = {
            "hotel_guests": [guest.row()],
            "hotel_lists": list(guest.entries()),
            "hotel_stays": guest.stay_rows(),
            "hotel_classes": [[number, guest.kind()]],
        }
        for table, new in parts.items():
            found.setdefault(table, []).extend([*row, str(number in published).lower()] for row in new)
    chosen = found[name]
    if name == "hotel_lists":  # each list is kept in the order in which it grew, not guest by guest
        chosen.sort(key=lambda row: (row[1], row[8], row[0]))
        counts: dict[str, int] = {}
        for row in chosen:
            counts[row[1]] = counts.get(row[1], 0) + 1
            row[2] = f"{row[1][0].upper()}{counts[row[1]]:05}"
    if name == "hotel_stays":
        chosen.sort(key=lambda row: (row[2], row[1]))
        for place, row in enumerate(chosen, start=1):
            row[0] = f"S{place:06}"
    return chosen


class Guest:
    """One guest: who it is, the stays, and the traces in the three lists."""

    def __init__(self, random: Random, number: str) -> None:
        self.random, self.number = random, number
        self.name = f.person(random)
        self.city = random.choice(f.CITIES)
        self.mobile = f.mobile(random)
        self.mail = f"{self.name.mail}{random.randrange(1000):03}@example.com"
        self.level = random.choices(list(LEVELS), list(LEVELS.values()))[0]
        self.business = random.random() < 0.55
        self.regular = random.random() < (0.5 if self.business else 0.22) + 0.2 * (self.level == "gold")
        self.stays = list(self._stays())
        self.since = self.stays[0][1]

    def row(self) -> list[str]:
        return [
            self.number,
            self.name.zh,
            self.city.zh,
            "business" if self.business else "leisure",
            self.level,
            self.since.isoformat(),
        ]

    def kind(self) -> str:
        """Return the class: regular with three stays, present with one in the last 180 days."""
        present = (LAST - self.stays[-1][1]).days <= PRESENT
        return ("loyal" if present else "lost") if len(self.stays) >= REGULAR else ("recent" if present else "past")

    def _stays(self) -> Iterator[list]:
        """Yield the stays: ``[guest, arrived, nights, wing, channel, amount, cost, scores]``."""
        random = self.random
        gap = random.uniform(28, 62) if self.regular else random.uniform(200, 900)
        day = FIRST + timedelta(days=random.randrange(0, 330 if self.regular else 730))
        home = random.random() < 0.5  # regulars like their usual wing
        while day <= LAST:
            nights = random.choice((1, 1, 2, 2, 3)) if self.business else random.choice((1, 2, 2, 3))
            wing = "north" if (home if self.regular else random.random() < 0.5) else "south"
            channel = random.choices(("desk", "web", "agency"), (3, 4, 3))[0]
            rate = random.choice((288, 308, 328, 358)) - (20 if self.level == "gold" else 0)
            amount = round(nights * rate + random.choice((0, 0, 38, 76)) * nights, 2)
            cost = round(nights * random.uniform(118, 142) + (0.15 * amount if channel == "agency" else 0), 2)
            scores = self._scores(day, wing)
            yield [self.number, day, nights, wing, channel, amount, cost, scores]
            low = [aspect for aspect, score in scores.items() if score is not None and score <= 2]
            felt = max((LEAVES[aspect] for aspect in low), default=0.012)
            if self.regular and random.random() < felt:
                return
            day += timedelta(days=nights + max(5, round(random.expovariate(1 / gap))))

    def _scores(self, day: date, wing: str) -> dict[str, int | None]:
        random = self.random
        loud = day >= LOUD and wing == "north"
        means = {"room": 4.1, "quiet": 2.2 if loud else 4.2, "breakfast": 3.9, "front_desk": 4.3, "price": 3.1}
        felt = {aspect: min(5, max(1, round(random.gauss(mean, 0.85)))) for aspect, mean in means.items()}
        if random.random() < 0.10:  # no questionnaire handed in
            return dict.fromkeys(SCORES)
        return {aspect: None if random.random() < 0.02 else score for aspect, score in felt.items()}

    def stay_rows(self) -> list[list[str]]:
        return [
            ["", number, day.isoformat(), str(nights), wing, channel, f"{amount:.2f}", f"{cost:.2f}"]
            + ["" if scores[aspect] is None else str(scores[aspect]) for aspect in SCORES]
            for number, day, nights, wing, channel, amount, cost, scores in self.stays
        ]

    def entries(self) -> Iterator[list[str]]:
        """Yield the entries in the lists: ``[guest, list, entry, name, phone, mail, city, wants, updated]``."""
        random = self.random
        channels = {stay[4] for stay in self.stays}
        agrees = random.random() < 0.72
        found = 0
        if channels & {"desk", "agency"} or (self.level == "none" and "web" not in channels):
            for _ in range(2 if random.random() < 0.16 else 1):
                yield self._entry("desk", self.name.zh, self.written(0.06), "", "")
                found += 1
        if self.level != "none":
            title = ("女士" if self.name.female else "先生") if random.random() < 0.2 else ""
            said = "" if random.random() < 0.06 else "Y" if agrees else "N"
            yield self._entry("club", self.name.zh + title, self.written(0.02), self._mail(0.25), said)
            found += 1
        if "web" in channels or not found:
            changed = agrees if random.random() < 0.85 else not agrees
            said = "" if random.random() < 0.12 else "1" if changed else "0"
            yield self._entry("web", self.name.en, self.written(0.25), self._mail(0), said)

    def _entry(self, where: str, name: str, phone: str, mail: str, wants: str) -> list[str]:
        days = (LAST - self.since).days
        updated = self.since + timedelta(days=self.random.randrange(days + 1) if days else 0)
        city = self.city.zh if where != "web" else self.city.en
        return [self.number, where, "", name, phone, mail, city, wants, updated.isoformat()]

    def _mail(self, missing: float) -> str:
        random = self.random
        if random.random() < missing:
            return ""
        if random.random() < 0.12:  # another address, not the usual one
            return f"{self.name.mail}{random.randrange(1000):03}@example.com"
        return random.choice((self.mail, self.mail, self.mail.upper(), f" {self.mail} ", self.mail.capitalize()))

    def written(self, missing: float) -> str:
        """Return the mobile number as somebody wrote it, or none, or one with a digit lost."""
        random, number = self.random, self.mobile
        if random.random() < missing:
            return ""
        if random.random() < 0.03:
            place = random.randrange(3, 11)
            return number[:place] + number[place + 1 :]
        spaced = f"{number[:3]} {number[3:7]} {number[7:]}"
        wide = number.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
        ways = (
            number,
            number,
            number,
            spaced,
            spaced.replace(" ", "-"),
            f"+86 {number}",
            f"+86-{number}",
            f"86{number}",
            wide,
            f" {number}",
        )
        return random.choice(ways)
