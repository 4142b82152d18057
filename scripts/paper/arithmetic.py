"""The reproduction's own arithmetic: means with intervals, what random search finds, and the paper's descents on a table."""
import math
import random

# The 97.5 % quantile of Student's t by degrees of freedom.
T = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262, 10: 2.228, 11: 2.201,
     12: 2.179, 13: 2.160, 14: 2.145, 15: 2.131, 16: 2.120, 17: 2.110, 18: 2.101, 19: 2.093, 20: 2.086, 21: 2.080,
     22: 2.074, 23: 2.069, 24: 2.064, 25: 2.060, 26: 2.056, 27: 2.052, 28: 2.048, 29: 2.045}


def mean(values):
    return math.fsum(values) / len(values)


def deviation(values):
    """The standard deviation with n - 1; 0 of one value."""
    if len(values) < 2:
        return 0.0
    middle = mean(values)
    return math.sqrt(math.fsum((v - middle) ** 2 for v in values) / (len(values) - 1))


def interval(values):
    """The mean and its 95 % interval by Student's t; without an interval (None) for one value."""
    middle = mean(values)
    if len(values) < 2:
        return middle, None
    half = T.get(len(values) - 1, 1.96) * deviation(values) / math.sqrt(len(values))
    return middle, (middle - half, middle + half)


def ranks(values):
    """Ranks from 1; equal values share the mean of theirs."""
    order = sorted(range(len(values)), key=lambda i: values[i])
    found = [0.0] * len(values)
    i = 0
    while i < len(order):
        j = i
        while j + 1 < len(order) and values[order[j + 1]] == values[order[i]]:
            j += 1
        for k in range(i, j + 1):
            found[order[k]] = (i + j) / 2 + 1
        i = j + 1
    return found


def rank_correlation(a, b):
    """Spearman's; 0 where one of both is constant."""
    x, y = ranks(a), ranks(b)
    mx, my = mean(x), mean(y)
    across = math.fsum((p - mx) * (q - my) for p, q in zip(x, y))
    width = math.sqrt(math.fsum((p - mx) ** 2 for p in x) * math.fsum((q - my) ** 2 for q in y))
    return across / width if width > 0 else 0.0


def expected_best(values, draws):
    """The mean of the best of `draws` values drawn without replacement: exact."""
    ordered = sorted(values, reverse=True)
    total, size = 0.0, len(ordered)
    draws = min(draws, size)
    # The chance that the i-th best is the best one drawn, from that of the one before it.
    chance = draws / size
    for i, value in enumerate(ordered[:size - draws + 1]):
        total += chance * value
        if size - 1 - i > 0:
            chance *= (size - i - draws) / (size - 1 - i)
    return total


def neighbours(point, levels):
    """One level down and up of each parameter, in the order of a poll."""
    found = []
    for axis, values in enumerate(levels):
        place = values.index(point[axis])
        for other in (place - 1, place + 1):
            if 0 <= other < len(values):
                found.append(point[:axis] + (values[other],) + point[axis + 1:])
    return found


def descent(start, levels, value, known, budget=math.inf):
    """The paper's search from one start: adds what it evaluates to `known` (in order), and gives the centres it had.

    It ends where no neighbour is better, or where `known` has `budget` points. `value` gives a point's accuracy."""
    known.setdefault(start, value(start))
    path = [start]
    while True:
        best = path[-1]
        for point in neighbours(path[-1], levels):
            if point not in known:
                if len(known) >= budget:
                    return path
                known[point] = value(point)
            if known[point] > known[best]:
                best = point
        if best == path[-1]:
            return path
        path.append(best)


def restarted(points, levels, value, budget, seed):
    """Descents from random starts, one after another, until `budget` points are known; the points in order."""
    order = shuffled(points, seed)
    known = {}
    for start in order:
        if len(known) >= budget:
            break
        if start not in known:
            descent(start, levels, value, known, budget)
    return known


def shuffled(points, seed):
    """A random order that is the same in every version of Python."""
    draw = random.Random(seed).random
    return [point for _, point in sorted((draw(), point) for point in points)]


def winner(known):
    """The point with the best value; the first of equals."""
    return max(known, key=known.get)


def best_so_far(values, length):
    """The best value after 1, 2, … `length` evaluations."""
    found, best = [], -math.inf
    for i in range(length):
        best = max(best, values[i]) if i < len(values) else best
        found.append(best)
    return found
