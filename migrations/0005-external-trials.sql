-- Trials that callers run.

-- How long a lease lasts where nobody renews it, and when its holder was last heard of.
ALTER TABLE leases ADD COLUMN seconds REAL CHECK (seconds > 0);
ALTER TABLE leases ADD COLUMN heartbeat_at INTEGER;

-- Leases in a row that ran out on the trial; what a pruned trial was judged by.
ALTER TABLE trials ADD COLUMN expired_leases INTEGER NOT NULL DEFAULT 0 CHECK (expired_leases >= 0);
ALTER TABLE trials ADD COLUMN pruned_value REAL CHECK (pruned_value IS NULL OR state = 'pruned');
ALTER TABLE trials ADD COLUMN pruned_at_step INTEGER CHECK (pruned_at_step IS NULL OR state = 'pruned');

-- One class more; a check cannot be changed, so the column is made anew.
ALTER TABLE trials ADD COLUMN cause TEXT CHECK (cause IN ('error', 'out_of_memory', 'io', 'lost', 'time'));
UPDATE trials SET cause = failure_class WHERE failure_class IS NOT NULL;
ALTER TABLE trials DROP COLUMN failure_class;
ALTER TABLE trials RENAME COLUMN cause TO failure_class;

-- What callers measured on the way, of the present attempt.
CREATE TABLE reports (
  study INTEGER NOT NULL,
  number INTEGER NOT NULL,
  step INTEGER NOT NULL CHECK (step >= 0),
  metrics TEXT NOT NULL CHECK (json_valid(metrics)),
  PRIMARY KEY (study, number, step),
  FOREIGN KEY (study, number) REFERENCES trials (study, number) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- The names of all metrics that callers told of: a table of trials has a column for each.
CREATE TABLE study_metrics (
  study INTEGER NOT NULL REFERENCES studies (key) ON DELETE CASCADE,
  name TEXT NOT NULL,
  PRIMARY KEY (study, name)
) STRICT, WITHOUT ROWID;

-- What ends a study, or a training, beside its trials and seconds.
ALTER TABLE studies ADD COLUMN budget_stall_trials INTEGER CHECK (budget_stall_trials >= 1);
ALTER TABLE studies ADD COLUMN budget_trial_seconds REAL CHECK (budget_trial_seconds > 0);

-- How many points that were put in line wait for their numbers; the points are in the edits.
ALTER TABLE studies ADD COLUMN enqueued INTEGER NOT NULL DEFAULT 0 CHECK (enqueued >= 0);

-- The end of what a trial's program wrote, in pieces; the oldest pieces of all go first where there is too much.
CREATE TABLE logs (
  place INTEGER PRIMARY KEY AUTOINCREMENT,
  study INTEGER NOT NULL,
  number INTEGER NOT NULL,
  attempt INTEGER NOT NULL CHECK (attempt >= 1),
  start INTEGER NOT NULL CHECK (start >= 0),
  bytes BLOB NOT NULL CHECK (length(bytes) > 0),
  UNIQUE (study, number, attempt, start),
  FOREIGN KEY (study, number) REFERENCES trials (study, number) ON DELETE CASCADE
) STRICT;
CREATE TABLE log_space (bytes INTEGER NOT NULL CHECK (bytes >= 0)) STRICT;
INSERT INTO log_space VALUES (0);
CREATE TRIGGER log_added AFTER INSERT ON logs BEGIN
  UPDATE log_space SET bytes = bytes + length(NEW.bytes);
END;
CREATE TRIGGER log_removed AFTER DELETE ON logs BEGIN
  UPDATE log_space SET bytes = bytes - length(OLD.bytes);
END;
