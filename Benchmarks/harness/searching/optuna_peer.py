"""Optuna's samplers on tables: ordered axes are whole numbers (the level's place), categories are categories."""
import logging
import multiprocessing
import os
import sys
import warnings


def sampler(name, seed):
    import optuna
    if name == "optuna_tpe":
        return optuna.samplers.TPESampler(seed=seed, multivariate=True)
    if name == "optuna_tpe_univariate":
        return optuna.samplers.TPESampler(seed=seed)
    return optuna.samplers.GPSampler(seed=seed, deterministic_objective=True)


def run(job):
    """One run, like a `TableRun`: counts distinct points, and answers a point that comes again without counting it."""
    name, table, number, checkpoints, limit = job
    import optuna
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    sizes = [len(levels) for _, levels, _ in table.axes]
    losses = table.instance(number % table.instances)
    target = table.target(number % table.instances)
    study = optuna.create_study(sampler=sampler(name, number))
    seen, best, reached, bests = set(), float("inf"), -1, []
    last = max(checkpoints, default=0)
    asked = 0
    while len(seen) < limit and asked < 4 * limit and (reached < 0 or len(seen) < last):
        asked += 1
        trial = study.ask()
        place = 0
        for (axis, _, categorical), size in zip(table.axes, sizes):
            level = (trial.suggest_categorical(axis, list(range(size))) if categorical
                     else trial.suggest_int(axis, 0, size - 1))
            place = place * size + level
        study.tell(trial, losses[place])
        if place in seen:
            continue
        seen.add(place)
        best = min(best, losses[place])
        if best <= target and reached < 0:
            reached = len(seen)
        if len(seen) in checkpoints:
            bests.append(best)
    return reached, bests + [best] * (len(checkpoints) - len(bests)), asked


def measure(name, table, request):
    """The same dictionary as `searches run` prints."""
    try:
        import optuna  # noqa: F401
        if name == "optuna_gp":
            import torch  # noqa: F401
    except ImportError as error:
        sys.exit(f"{name} needs Optuna, which could not be had here ({error}). The rest can be measured without it.")
    os.environ["OMP_NUM_THREADS"] = "1"
    jobs = [(name, table, request.first_seed + number, request.best_after, request.limit)
            for number in range(request.runs)]
    with multiprocessing.Pool(request.threads) as pool:
        runs = pool.map(run, jobs, chunksize=1)
    return {"reached": [run[0] for run in runs], "bests": [run[1] for run in runs],
            "suggestions": [run[2] for run in runs], "milliseconds": []}
