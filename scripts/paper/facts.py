"""What the paper says: its tables, number by number, and the levels and networks that the reproduction uses."""
import collections

AXES = ("iterations", "learning_rate", "units_1", "units_2", "units_3")

# Table 1: method, number of parameters, hours, accuracy in per cent.
TABLE_1 = [("grid", 4, 10, 84), ("random", 4, 5, 82), ("paper", 4, 2, 82),
           ("grid", 5, 12, 82), ("random", 5, 5, 80), ("paper", 5, 2, 80)]

# Tables 2 and 3: points in the order of AXES, then the accuracy. The third layer of the four-parameter grid has the 5 units
# of section 4.1.
GRID_4 = [
    (100, 0.0078, 15, 3, 34), (100, 0.0077, 15, 9, 34), (300, 0.0045, 25, 9, 60), (300, 0.0077, 20, 7, 78),
    (400, 0.0077, 25, 3, 44), (300, 0.0077, 30, 5, 34), (700, 0.0077, 20, 9, 80), (300, 0.0034, 20, 9, 34),
    (400, 0.0077, 10, 5, 34), (400, 0.0077, 15, 3, 34), (400, 0.0045, 20, 5, 66), (400, 0.0077, 15, 3, 34),
    (300, 0.0077, 15, 10, 46), (700, 0.0077, 30, 5, 56), (700, 0.0034, 20, 7, 78), (400, 0.0077, 10, 10, 84)]
GRADIENT_5 = [
    (300, 0.0077, 15, 7, 6, 78), (500, 0.0077, 15, 7, 6, 76), (100, 0.0077, 15, 7, 6, 62), (300, 0.0034, 15, 7, 6, 66),
    (300, 0.0077, 25, 7, 6, 36), (300, 0.0077, 15, 9, 6, 58), (300, 0.0077, 30, 7, 6, 42), (300, 0.0077, 15, 5, 6, 82),
    (300, 0.0077, 15, 7, 5, 42), (500, 0.0077, 15, 5, 6, 76), (100, 0.0077, 15, 5, 6, 74), (300, 0.0034, 15, 5, 6, 68),
    (300, 0.0077, 25, 5, 6, 72), (300, 0.0077, 30, 5, 6, 40), (300, 0.0077, 15, 3, 6, 36), (300, 0.0077, 15, 5, 5, 70)]
RANDOM_1000 = [
    (700, 0.0078, 20, 3, 4, 52), (500, 0.0045, 30, 9, 4, 78), (100, 0.0045, 15, 3, 2, 38), (700, 0.0075, 25, 3, 4, 70),
    (100, 0.0045, 20, 7, 2, 68), (700, 0.0078, 20, 5, 4, 80), (400, 0.0045, 15, 3, 5, 34), (400, 0.0045, 15, 9, 2, 40)]
RANDOM_2000 = [
    (400, 0.0045, 15, 3, 5, 34), (700, 0.0078, 20, 10, 5, 80), (500, 0.0078, 25, 3, 2, 34), (700, 0.0078, 15, 3, 6, 76),
    (100, 0.0075, 20, 10, 5, 34), (700, 0.0077, 20, 5, 5, 50), (500, 0.0034, 25, 3, 4, 34), (700, 0.0045, 20, 7, 3, 64),
    (300, 0.0034, 10, 10, 1, 34), (400, 0.0034, 25, 5, 2, 42)]
TABLES = [("Table 2, left", "grid, 4 parameters", [row[:4] + (5,) + row[4:] for row in GRID_4]),
          ("Table 2, right", "the paper's method, 5 parameters", GRADIENT_5),
          ("Table 3, first", "random, 1000 draws", RANDOM_1000),
          ("Table 3, second", "random, 2000 draws", RANDOM_2000)]

# The first rows of Table 2: where the paper's searches begin.
STARTS = {4: TABLES[0][2][0][:5], 5: GRADIENT_5[0][:5]}

# A grid, what divides the iterations of the paper's rows, the draws of random search, the weight seeds, the simulated searches
# and the checked descents of each, the studies of the optimism (weight seeds, searches), fresh seeds, the evaluations drawn.
Plan = collections.namedtuple("Plan", "levels rows_scale draws repeats simulations studies optimism fresh told")
LEVELS = ((100, 300, 400, 500, 700), (0.0034, 0.0045, 0.0075, 0.0077, 0.0078), (10, 15, 20, 25, 30), (3, 5, 7, 9, 10),
          (2, 3, 4, 5, 6))
WHOLE = Plan(LEVELS, 1, (1000, 2000), 8, 100, 10, (8, 3), 16, 200)
# A hundredth of the iterations on a corner of the grid that holds both starts.
QUICK = Plan(((1, 3, 7), (0.0077, 0.0078), (15, 20), (3, 5, 7), (5, 6)), 100, (30, 60), 3, 5, 2, (2, 1), 2, 12)

# Networks by name: what the text of section 4.1 says, and what the course's own network has.
NETWORKS = {"text": ["relu", "relu", "sigmoid"], "course": ["relu", "relu", "relu"]}
CALLED = {"text": "sigmoid", "course": "relu"}


def scaled(point, plan):
    """A point of the paper with the plan's iterations."""
    return (point[0] // plan.rows_scale,) + tuple(point[1:5])


def named(point):
    """A point as Cairn takes it."""
    return dict(zip(AXES, point))


def hours(method, dimensions):
    return next(h for m, d, h, _ in TABLE_1 if (m, d) == (method, dimensions))


def accuracy(method, dimensions):
    return next(a for m, d, _, a in TABLE_1 if (m, d) == (method, dimensions))


def share(size, method, of, dimensions):
    """The evaluations that the paper's hours of a method buy where `of` needs `size` of them in its own."""
    return round(size * hours(method, dimensions) / hours(of, dimensions))
