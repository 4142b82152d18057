"""One caller of `ask_and_tell`: says "ready", waits for a line, asks and tells, and prints what it did as JSON.

  ask_and_tell_caller.py cairn ADDRESS STUDY          until the study has ended
  ask_and_tell_caller.py optuna FILE ROUNDS SECONDS   until ROUNDS are done, or SECONDS have passed
"""
import json
import pathlib
import sys
import time

POINT = ("rate", "width", "kind")


def loss(parameters):
    """Something that costs nothing."""
    return parameters["rate"] * parameters["width"]


def cairn(address, name):
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "clients" / "python"))
    from cairn_client import Study
    study = Study(address, name)
    started = ready()
    rounds, last = 0, started
    for trial in study:
        trial.complete(loss=loss(trial.parameters))
        rounds, last = rounds + 1, time.perf_counter()
    return {"rounds": rounds, "errors": {}, "seconds": last - started}


def optuna(file, rounds, seconds):
    import optuna as library
    library.logging.set_verbosity(library.logging.CRITICAL)
    study = library.load_study(study_name="s", storage=f"sqlite:///{file}", sampler=library.samplers.RandomSampler())
    started = ready()
    done, errors = 0, {}
    while done < int(rounds) and time.perf_counter() - started < float(seconds):
        try:
            trial = study.ask()
            point = {"rate": trial.suggest_float("rate", 1e-5, 1, log=True), "width": trial.suggest_int("width", 1, 512),
                     "kind": trial.suggest_categorical("kind", ["relu", "tanh", "sigmoid"])}
            study.tell(trial, loss(point))
            done += 1
        except Exception as fault:
            name = type(fault).__name__
            errors[name] = errors.get(name, 0) + 1
    return {"rounds": done, "errors": errors, "seconds": time.perf_counter() - started}


def ready():
    print("ready", flush=True)
    sys.stdin.readline()
    return time.perf_counter()


if __name__ == "__main__":
    print(json.dumps({"cairn": cairn, "optuna": optuna}[sys.argv[1]](*sys.argv[2:])))
