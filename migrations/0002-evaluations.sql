-- The record of evaluations in the form that it is written in; nothing was written to the first form.
-- An evaluation is one training: its curve as the measurements have it, or the update after which it diverged.
DROP TABLE evaluations;
CREATE TABLE evaluations (
  place INTEGER PRIMARY KEY AUTOINCREMENT,
  key BLOB NOT NULL UNIQUE CHECK (length(key) = 32),
  diverged_at INTEGER CHECK (diverged_at >= 0),
  names TEXT NOT NULL CHECK (json_valid(names)),
  points BLOB NOT NULL,
  study TEXT NOT NULL CHECK (length(study) = 36),
  origin TEXT NOT NULL,
  compute_seconds REAL NOT NULL CHECK (compute_seconds >= 0),
  created_at INTEGER NOT NULL,
  CHECK ((diverged_at IS NULL) = (length(points) > 0))
) STRICT;
