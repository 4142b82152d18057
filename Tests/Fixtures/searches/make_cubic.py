#!/usr/bin/env python3
"""Computes cubic.json: cubic radial basis functions with a linear tail, by NumPy alone.

Not by the reduced kernel that the search has: the whole saddle-point system is solved,

    (Φ + s I) λ + P b = f,   Pᵀ λ = 0,   Φᵢⱼ = |xᵢ - xⱼ|³,   P = (1, x)

with s the slack on the diagonal. Run it again after a change: make_cubic.py
"""
import json
import pathlib

import numpy as np

SLACK = 1e-6


def cubes(a, b):
    return np.linalg.norm(a[:, None] - b[None], axis=2) ** 3


def case(draw, dimension, count):
    points = draw.uniform(-0.5, 0.5, (count, dimension)).round(6)
    values = draw.normal(size=count).round(6)
    queries = np.vstack([draw.uniform(-0.5, 0.5, (9, dimension)).round(6), points[:2]])
    tail = np.hstack([np.ones((count, 1)), points])
    whole = np.block([[cubes(points, points) + SLACK * np.eye(count), tail],
                      [tail.T, np.zeros((dimension + 1, dimension + 1))]])
    solution = np.linalg.solve(whole, np.concatenate([values, np.zeros(dimension + 1)]))
    answers = cubes(queries, points) @ solution[:count] + solution[count] + queries @ solution[count + 1:]
    return {"points": points.tolist(), "values": values.tolist(), "queries": queries.tolist(),
            "answers": answers.tolist(),
            "distances": np.linalg.norm(queries[:, None] - points[None], axis=2).min(axis=1).tolist()}


def main():
    draw = np.random.default_rng(2017)
    cases = [case(draw, dimension, count) for dimension, count in ((1, 6), (2, 9), (3, 17), (6, 40), (12, 30))]
    pathlib.Path(__file__).with_name("cubic.json").write_text(json.dumps({"cases": cases}) + "\n")


main()
