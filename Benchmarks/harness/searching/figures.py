"""N50, N90, their bootstrap intervals, and what random draws without replacement reach, exactly."""
import bisect
import itertools
import math
import random


def quantile_place(share, count):
    """The quantile of a share is the value at this place from 1, ascending."""
    return max(1, math.ceil(share * count - 1e-9))


def quantile(counts, share):
    """The ceil(share · R)-th smallest; infinite where that run did not reach the target."""
    return sorted(counts)[quantile_place(share, len(counts)) - 1]


def at_most(place, needed, runs):
    """The probability that a resample's `needed`-th smallest is at most the `place`-th smallest of the runs.

    It is where at least `needed` of R draws fall among the first `place`: a binomial tail.
    """
    chance = place / runs
    if chance == 1:
        return 1.0
    log = math.lgamma
    return math.fsum(
        math.exp(log(runs + 1) - log(hits + 1) - log(runs - hits + 1) + hits * math.log(chance)
                 + (runs - hits) * math.log1p(-chance)) for hits in range(needed, runs + 1))


def interval(counts, share, inside=0.9):
    """The middle 90 % of the quantile's bootstrap distribution, exactly: no resample is drawn."""
    values, runs = sorted(counts), len(counts)
    needed = quantile_place(share, runs)
    return tuple(values[bisect.bisect_left(range(1, runs + 1), edge, key=lambda place: at_most(place, needed, runs))]
                 for edge in ((1 - inside) / 2, (1 + inside) / 2))


def resampled(values, share, draw):
    """The quantile of one resample of some ascending values: the m-th smallest of R uniform places is a beta variate."""
    runs = len(values)
    needed = quantile_place(share, runs)
    place = math.ceil(runs * draw.betavariate(needed, runs - needed + 1))
    return values[min(max(place, 1), runs) - 1]


class Random:
    """Random draws without replacement from a table, the instances each as likely; nothing is drawn."""

    def __init__(self, table):
        self.size = table.size
        self.sorted = [sorted(table.instance(number)) for number in range(table.instances)]
        self.good = [bisect.bisect_right(losses, table.target(number)) for number, losses in enumerate(self.sorted)]

    def missed(self, good, draws):
        """The probability that none of the good points is among the draws."""
        if draws > self.size - good:
            return 0.0
        log = math.lgamma
        return math.exp(log(self.size - good + 1) - log(self.size - good - draws + 1)
                        - log(self.size + 1) + log(self.size - draws + 1))

    def quantile(self, share):
        """The fewest draws that reach the target with this probability."""
        return next(draws for draws in itertools.count(1)
                    if 1 - sum(self.missed(good, draws) for good in self.good) / len(self.good) >= share - 1e-12)

    def best_after(self, draws):
        """The expected best loss after some draws."""
        draws = min(draws, self.size)
        total = 0.0
        for losses in self.sorted:
            # The chance that the draws' best is the one at `place`: all from there on, less all behind it.
            from_here = 1.0
            for place, loss in enumerate(losses):
                left = self.size - place
                behind = from_here * (left - draws) / left if left > draws else 0.0
                total += loss * (from_here - behind)
                from_here = behind
                if from_here < 1e-12:
                    break
        return total / len(self.sorted)


def geometric_mean(values):
    values = list(values)
    return math.exp(math.fsum(math.log(value) for value in values) / len(values)) if values else math.nan


def mean_ratio_interval(counts, randoms, share, resamples=2000):
    """The 90 % interval of the geometric mean of ratios: each table's runs are resampled by themselves."""
    draw = random.Random(1)
    ascending = [sorted(of_table) for of_table in counts]
    means = sorted(
        geometric_mean(resampled(values, share, draw) / reference for values, reference in zip(ascending, randoms))
        for _ in range(resamples))
    return means[int(0.05 * resamples)], means[int(0.95 * resamples)]
