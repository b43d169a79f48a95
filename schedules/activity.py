"""When a portal is being worked on: hours of the week, bursts of the whole portal, busy days of a section. PURE.

Editors work in sessions: on two government sites whose histories are public, 65 % and 87 % of edits came within ten minutes
of one on another page. So an edit that was found raises what is expected of every page that was not looked at since the
time it was made, most of all in its section. Held as found over expected edits per bin (Gamma-Poisson); how far bins are
believed to differ is chosen by which belief foretold the visits best, so that a portal without sessions is not misread.
"""

from __future__ import annotations

import numpy as np

from schedules.hazard import Floats, Ints

HOUR, DAY, WEEK = 1.0, 24.0, 168
WINDOW = 400 * 24  # hours looked back; before that a bin is taken as average
BELIEFS = (0.1, 0.5, np.inf)  # expected edits for which "as usual" counts in a bin: low = bursts, inf = none
REFRESH = 6  # hours after which bins are judged anew without a find
_MEMORY = 0.999  # of a belief's record, per visit batch
_SPREAD: Floats = np.exp(-np.abs(np.arange(-8, 9)) / 3.0)  # a session lasts hours


class Activity:
    """Multipliers of expected edits over time. Instants are hours since an epoch; `origin` is the first there is."""

    def __init__(self, origin: float, groups: int) -> None:
        self._origin = np.floor(origin)
        self._groups = groups
        self._hours = 0
        self._found: Floats = np.zeros(0)  # edits found, by hour
        self._expected: Floats = np.zeros(1)  # differences of the edits expected of what was looked at, by hour
        self._found_in: Floats = np.zeros((groups, 0))  # the same by group and day
        self._expected_in: Floats = np.zeros((groups, 1))
        self._scores = np.zeros(len(BELIEFS))
        self._of_hour: list[Floats] = []  # for each belief: sums of multipliers up to each hour of the window
        self._of_day: list[Floats] = []
        self._rhythm: Floats = np.ones(WEEK)
        self._first = self._refreshed = 0
        self._stale = True

    def multiplier(self, groups: Ints, since: Floats, now: float) -> Floats:
        """By how much more than usual pages of these groups were edited between `since` and now."""
        self._reach(now)
        return self._mean(self._best(), groups, since, now)

    def learn(self, groups: Ints, since: Floats, now: float, usual: Floats, edits: Floats) -> None:
        """Visits: what was expected of each on average (`usual`), and how many edits it is taken to have shown."""
        self._reach(now)
        self._judge(groups, since, now, usual, edits)
        end = self._hour(now)
        begin = np.minimum(self._hours_of(since), end)
        rate = usual / (end - begin + 1)
        np.add.at(self._expected, begin, rate)
        self._expected[end + 1] -= rate.sum()
        last = end // 24
        first = begin // 24
        best = self._best()
        rate = usual * self._site_mean(best, since, now) / (last - first + 1)
        np.add.at(self._expected_in, (groups, first), rate)
        np.add.at(self._expected_in, (groups, np.full(groups.size, last + 1)), -rate)
        for page in np.flatnonzero(edits):
            hours = np.arange(max(begin[page], self._first), end + 1)
            share = self._hourly(best, hours)
            share *= edits[page] / share.sum()
            self._found[hours] += share
            np.add.at(self._found_in, (groups[page], hours // 24), share)
            self._stale = True

    def _reach(self, now: float) -> None:
        """Bring the multipliers up to now: anew after a find or a while, else as usual for the hours since."""
        wanted = self._hour(now) + 1
        if wanted + 25 > self._found.size:
            self._make_room(wanted + wanted // 2 + 24 * 60)
        if self._stale or wanted - self._refreshed > REFRESH:
            self._refresh(wanted)
        for hour in range(self._hours, wanted):
            usual = self._rhythm[(hour + int(self._origin)) % WEEK]
            for sums in self._of_hour:
                sums[hour - self._first + 1] = sums[hour - self._first] + usual
            for of_day in self._of_day if hour % 24 == 0 else ():
                day = hour // 24 - self._first // 24
                of_day[:, day + 1] = of_day[:, day] + 1.0
        self._hours = max(self._hours, wanted)

    def _make_room(self, hours: int) -> None:
        more, days = hours - self._found.size, hours // 24 + 2 - self._found_in.shape[1]
        self._found = np.concatenate([self._found, np.zeros(more)])
        self._expected = np.concatenate([self._expected, np.zeros(more)])
        self._found_in = np.concatenate([self._found_in, np.zeros((self._groups, days))], axis=1)
        self._expected_in = np.concatenate([self._expected_in, np.zeros((self._groups, days))], axis=1)

    def _refresh(self, hours: int) -> None:
        days = (hours - 1) // 24 + 1
        first_day = max(0, days - WINDOW // 24)
        self._first, self._hours, self._refreshed, self._stale = first_day * 24, hours, hours, False
        window = slice(self._first, hours)
        found = self._found[window]
        expected = np.cumsum(self._expected[window]) + self._expected[: self._first].sum()
        slots = (np.arange(self._first, hours) + int(self._origin)) % WEEK
        rhythm = self._learn_rhythm(slots, found, expected)[slots]
        found_near = np.convolve(found, _SPREAD)[8:-8]
        expected_near = np.convolve(expected * rhythm, _SPREAD)[8:-8]
        found_in = self._found_in[:, first_day:days]
        expected_in = self._expected_in[:, first_day:days].cumsum(axis=1) + self._expected_in[:, :first_day].sum(1)[:, None]
        self._of_hour, self._of_day = [], []
        for belief in BELIEFS:
            if np.isinf(belief):
                of_hour, of_day = rhythm, np.ones_like(found_in)
            else:
                of_hour = rhythm * (belief + found_near) / (belief + expected_near)
                of_day = (belief + found_in) / (belief + expected_in)
            sums, sums_of_day = np.zeros(hours - self._first + REFRESH + 26), np.zeros((self._groups, days - first_day + 3))
            np.cumsum(of_hour, out=sums[1 : of_hour.size + 1])
            np.cumsum(of_day, axis=1, out=sums_of_day[:, 1 : of_day.shape[1] + 1])
            self._of_hour.append(sums)
            self._of_day.append(sums_of_day)

    def _learn_rhythm(self, slots: Ints, found: Floats, expected: Floats) -> Floats:
        """Hours of the week: each leans on its neighbours and on the average."""
        scale = found.sum() / max(expected.sum(), 1e-9)
        of_week = np.bincount(slots, found, WEEK), np.bincount(slots, expected, WEEK) * scale
        near = [values + np.roll(values, 1) + np.roll(values, -1) for values in of_week]
        rhythm = (near[0] + 3.0) / (near[1] + 3.0)
        self._rhythm = rhythm / rhythm.mean()
        return self._rhythm

    def _judge(self, groups: Ints, since: Floats, now: float, usual: Floats, edits: Floats) -> None:
        """Score each belief by how well it foretold which of these pages changed."""
        changed = edits > 0
        for number in range(len(BELIEFS)):
            foretold = usual * self._mean(number, groups, since, now)
            log_likelihood = np.where(changed, np.log(-np.expm1(-np.maximum(foretold, 1e-12))), -foretold).sum()
            self._scores[number] = self._scores[number] * _MEMORY + log_likelihood

    def _best(self) -> int:
        return int(np.argmax(self._scores))

    def _mean(self, belief: int, groups: Ints, since: Floats, now: float) -> Floats:
        today = self._hour(now) // 24 - self._first // 24
        day = np.clip(self._hours_of(since) // 24 - self._first // 24, 0, today)
        sums = self._of_day[belief]
        in_group: Floats = (sums[groups, today + 1] - sums[groups, day]) / (today + 1 - day)
        return in_group * self._site_mean(belief, since, now)

    def _site_mean(self, belief: int, since: Floats, now: float) -> Floats:
        end = self._hour(now) - self._first
        begin = np.clip(self._hours_of(since) - self._first, 0, end)
        sums = self._of_hour[belief]
        mean: Floats = (sums[end + 1] - sums[begin]) / (end + 1 - begin)
        return mean

    def _hourly(self, belief: int, hours: Ints) -> Floats:
        sums = self._of_hour[belief]
        values: Floats = sums[hours - self._first + 1] - sums[hours - self._first]
        return np.maximum(values, 1e-12)

    def _hour(self, at: float) -> int:
        return int((at - self._origin) // HOUR)

    def _hours_of(self, at: Floats) -> Ints:
        hours: Ints = np.maximum(((at - self._origin) // HOUR).astype(np.intp), 0)
        return hours
