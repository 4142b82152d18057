-- The tables are the truth; the journal entry of a change is written in the same transaction as the change.
-- Times are milliseconds since 1970 in UTC; JSON is canonical (RFC 8785) where it is compared.

CREATE TABLE studies (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 64),
  state TEXT NOT NULL CHECK (state IN ('running', 'paused', 'completed', 'stopped', 'failed')),
  state_reason TEXT,
  stop_code TEXT,
  stop_detail TEXT,
  definition TEXT NOT NULL,
  resolved TEXT NOT NULL,
  dataset TEXT NOT NULL,
  algorithm TEXT NOT NULL,
  budget_trials INTEGER CHECK (budget_trials >= 1),
  budget_seconds REAL CHECK (budget_seconds > 0),
  parallelism INTEGER NOT NULL CHECK (parallelism BETWEEN 1 AND 4096),
  max_running INTEGER CHECK (max_running >= 1),
  labels TEXT NOT NULL CHECK (json_valid(labels)),
  notes TEXT,
  reproducible_through INTEGER CHECK (reproducible_through >= 0),
  reproducible_reason TEXT,
  queued INTEGER NOT NULL CHECK (queued >= 0),
  running INTEGER NOT NULL CHECK (running >= 0),
  completed INTEGER NOT NULL CHECK (completed >= 0),
  pruned INTEGER NOT NULL CHECK (pruned >= 0),
  infeasible INTEGER NOT NULL CHECK (infeasible >= 0),
  failed INTEGER NOT NULL CHECK (failed >= 0),
  stopped INTEGER NOT NULL CHECK (stopped >= 0),
  reused INTEGER NOT NULL CHECK (reused >= 0),
  elapsed_seconds REAL NOT NULL CHECK (elapsed_seconds >= 0),
  elapsed_at INTEGER NOT NULL,
  crashes INTEGER NOT NULL CHECK (crashes >= 0),
  revision INTEGER NOT NULL CHECK (revision >= 1),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  finished_at INTEGER,
  CHECK ((finished_at IS NULL) = (state IN ('running', 'paused')))
) STRICT;
CREATE INDEX studies_by_time ON studies (created_at, id);

CREATE TABLE edits (
  study INTEGER NOT NULL REFERENCES studies (key) ON DELETE CASCADE,
  place INTEGER NOT NULL CHECK (place >= 0),
  from_trial INTEGER NOT NULL CHECK (from_trial >= 1),
  at INTEGER NOT NULL,
  changes TEXT NOT NULL CHECK (json_valid(changes)),
  PRIMARY KEY (study, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE trials (
  study INTEGER NOT NULL REFERENCES studies (key) ON DELETE CASCADE,
  number INTEGER NOT NULL CHECK (number >= 1),
  replicate INTEGER NOT NULL CHECK (replicate >= 0),
  state TEXT NOT NULL
    CHECK (state IN ('queued', 'running', 'completed', 'pruned', 'infeasible', 'failed', 'stopped')),
  parameters TEXT NOT NULL CHECK (json_valid(parameters)),
  value REAL CHECK (value IS NULL OR state = 'completed'),
  scores TEXT NOT NULL,
  metrics TEXT NOT NULL,
  origin TEXT NOT NULL,
  horizon INTEGER NOT NULL CHECK (horizon >= 0 AND horizon < number),
  algorithm_version INTEGER NOT NULL,
  attempt INTEGER NOT NULL CHECK (attempt >= 1),
  failures INTEGER NOT NULL CHECK (failures >= 0),
  crashes INTEGER NOT NULL CHECK (crashes >= 0),
  worker TEXT,
  error TEXT,
  failure_class TEXT CHECK (failure_class IN ('error', 'out_of_memory', 'io', 'lost')),
  reused_from TEXT,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  compute_seconds REAL CHECK (compute_seconds >= 0),
  PRIMARY KEY (study, number),
  UNIQUE (study, parameters, replicate),
  CHECK (state <> 'completed' OR value IS NOT NULL)
) STRICT;
CREATE INDEX trials_by_value ON trials (study, value, number);
CREATE INDEX trials_by_state ON trials (study, state, number);

-- One row a curve: the metrics' names, and for each point its step and its metrics as little-endian doubles.
CREATE TABLE measurements (
  study INTEGER NOT NULL,
  number INTEGER NOT NULL,
  names TEXT NOT NULL CHECK (json_valid(names)),
  points BLOB NOT NULL,
  PRIMARY KEY (study, number),
  FOREIGN KEY (study, number) REFERENCES trials (study, number) ON DELETE CASCADE
) STRICT;

-- What `best` reads: mean and sum of squared deviations over all scores of a point.
CREATE TABLE points (
  study INTEGER NOT NULL REFERENCES studies (key) ON DELETE CASCADE,
  parameters TEXT NOT NULL,
  n INTEGER NOT NULL CHECK (n >= 1),
  mean REAL NOT NULL,
  m2 REAL NOT NULL CHECK (m2 >= 0),
  loss_n INTEGER NOT NULL CHECK (loss_n >= 0),
  loss REAL,
  first_trial INTEGER NOT NULL,
  PRIMARY KEY (study, parameters)
) STRICT;
CREATE INDEX points_by_mean ON points (study, mean);

CREATE TABLE leases (
  study INTEGER NOT NULL,
  number INTEGER NOT NULL,
  id TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  worker TEXT NOT NULL,
  expires_at INTEGER,
  PRIMARY KEY (study, number),
  FOREIGN KEY (study, number) REFERENCES trials (study, number) ON DELETE CASCADE
) STRICT;

-- The record of evaluations outlives studies. The key is a SHA-256.
CREATE TABLE evaluations (
  key BLOB PRIMARY KEY CHECK (length(key) = 32),
  outcome TEXT NOT NULL CHECK (json_valid(outcome)),
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE datasets (
  name TEXT PRIMARY KEY,
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  description TEXT NOT NULL CHECK (json_valid(description)),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE idempotency_keys (
  key TEXT NOT NULL,
  path TEXT NOT NULL,
  body_sha256 TEXT NOT NULL,
  status INTEGER NOT NULL,
  answer TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (key, path)
) STRICT;

-- Positions rise and are never used again. No foreign key: an entry outlives its study.
CREATE TABLE journal (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind IN ('study', 'trial', 'deleted')),
  study TEXT NOT NULL,
  name TEXT NOT NULL,
  number INTEGER CHECK ((number IS NOT NULL) = (kind = 'trial')),
  at INTEGER NOT NULL
) STRICT;
