"""A client for Cairn: ask for points to try, run them, and tell the results.

    from cairn_client import Study

    study = Study("http://127.0.0.1:8080", {
        "name": "svm", "model": {"kind": "external"},
        "parameters": {"c": {"type": "real", "min": 0.01, "max": 100, "scale": "log", "points": 9}},
        "objective": {"metric": "accuracy", "goal": "maximize"}, "budget": {"trials": 20}})
    study.optimize(lambda trial: train(c=trial.parameters["c"]), workers=4)
    print(study.best())

It needs the standard library alone.
"""
from ._errors import CairnError, Infeasible
from ._prior import read_prior
from ._study import Study
from ._trial import Trial

__all__ = ["CairnError", "Infeasible", "Study", "Trial", "read_prior"]
__version__ = "1.0.0"
