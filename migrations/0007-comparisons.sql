-- Comparisons: algorithms that race on one problem, each with every seed, every race a study.

-- How many of its studies are in each state is counted here, so that a list need not look at them; triggers do that, in the
-- transaction that changes a study.
CREATE TABLE comparisons (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 64),
  algorithms TEXT NOT NULL CHECK (json_valid(algorithms)),
  seeds INTEGER NOT NULL CHECK (seeds >= 1),
  running INTEGER NOT NULL DEFAULT 0 CHECK (running >= 0),
  paused INTEGER NOT NULL DEFAULT 0 CHECK (paused >= 0),
  completed INTEGER NOT NULL DEFAULT 0 CHECK (completed >= 0),
  stopped INTEGER NOT NULL DEFAULT 0 CHECK (stopped >= 0),
  failed INTEGER NOT NULL DEFAULT 0 CHECK (failed >= 0),
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX comparisons_by_time ON comparisons (created_at, id);

-- What is long has a table of its own, so that the row that counts is short.
CREATE TABLE comparison_texts (
  comparison INTEGER PRIMARY KEY REFERENCES comparisons (key) ON DELETE CASCADE,
  definition TEXT NOT NULL,
  resolved TEXT NOT NULL
) STRICT;

-- The comparison that a study was made for, and which of its studies it is, from 0. No foreign key: a study that is deleted
-- keeps both until its rows are removed.
ALTER TABLE studies ADD COLUMN comparison TEXT;
ALTER TABLE studies ADD COLUMN comparison_place INTEGER;
CREATE INDEX studies_by_comparison ON studies (comparison, comparison_place) WHERE comparison IS NOT NULL AND gone = 0;

CREATE TRIGGER comparison_study_added AFTER INSERT ON studies WHEN NEW.comparison IS NOT NULL BEGIN
  UPDATE comparisons SET
    running = running + (NEW.state = 'running'), paused = paused + (NEW.state = 'paused'),
    completed = completed + (NEW.state = 'completed'), stopped = stopped + (NEW.state = 'stopped'),
    failed = failed + (NEW.state = 'failed')
  WHERE id = NEW.comparison;
END;
CREATE TRIGGER comparison_study_changed AFTER UPDATE OF state ON studies
WHEN NEW.comparison IS NOT NULL AND NEW.state <> OLD.state AND NEW.gone = 0 BEGIN
  UPDATE comparisons SET
    running = running + (NEW.state = 'running') - (OLD.state = 'running'),
    paused = paused + (NEW.state = 'paused') - (OLD.state = 'paused'),
    completed = completed + (NEW.state = 'completed') - (OLD.state = 'completed'),
    stopped = stopped + (NEW.state = 'stopped') - (OLD.state = 'stopped'),
    failed = failed + (NEW.state = 'failed') - (OLD.state = 'failed')
  WHERE id = NEW.comparison;
END;
CREATE TRIGGER comparison_study_gone AFTER UPDATE OF gone ON studies
WHEN NEW.comparison IS NOT NULL AND NEW.gone > OLD.gone BEGIN
  UPDATE comparisons SET
    running = running - (OLD.state = 'running'), paused = paused - (OLD.state = 'paused'),
    completed = completed - (OLD.state = 'completed'), stopped = stopped - (OLD.state = 'stopped'),
    failed = failed - (OLD.state = 'failed')
  WHERE id = NEW.comparison;
END;

-- What the evaluations took that other studies paid for and this trial was answered from.
ALTER TABLE trials ADD COLUMN shared_seconds REAL CHECK (shared_seconds >= 0);
