-- No read may cost more than what it gives, however large a study is, and however many of its points are equal.

-- What is long has a table of its own, so that the row of a study is short.
CREATE TABLE study_texts (
  study INTEGER PRIMARY KEY REFERENCES studies (key) ON DELETE CASCADE,
  definition TEXT NOT NULL,
  resolved TEXT NOT NULL,
  labels TEXT NOT NULL CHECK (json_valid(labels)),
  notes TEXT
) STRICT;
INSERT INTO study_texts SELECT key, definition, resolved, labels, notes FROM studies;

-- What a list shows of the definition, and what it filters by.
ALTER TABLE studies ADD COLUMN metric TEXT NOT NULL DEFAULT '';
ALTER TABLE studies ADD COLUMN goal TEXT NOT NULL DEFAULT 'maximize' CHECK (goal IN ('maximize', 'minimize'));
UPDATE studies SET
  metric = coalesce(json_extract(resolved, '$.objective.metric'), ''),
  goal = coalesce(json_extract(resolved, '$.objective.goal'), 'maximize');

-- A deleted study is out of sight at once, under an id and a name that nobody asks for; its trials go little by little.
ALTER TABLE studies ADD COLUMN gone INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1));

CREATE TABLE study_labels (
  study INTEGER NOT NULL REFERENCES studies (key) ON DELETE CASCADE,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (study, name)
) STRICT, WITHOUT ROWID;
INSERT INTO study_labels
  SELECT studies.key, label.key, label.value, created_at, studies.id FROM studies, json_each(studies.labels) AS label;
CREATE INDEX study_labels_by_value ON study_labels (name, value, created_at, id);
CREATE INDEX study_labels_by_name ON study_labels (name, created_at, id);

ALTER TABLE studies DROP COLUMN definition;
ALTER TABLE studies DROP COLUMN resolved;
ALTER TABLE studies DROP COLUMN labels;
ALTER TABLE studies DROP COLUMN notes;

DROP INDEX studies_by_time;
CREATE INDEX studies_by_time ON studies (created_at, id) WHERE gone = 0;
CREATE INDEX studies_by_state ON studies (state, created_at, id) WHERE gone = 0;
CREATE INDEX studies_by_dataset ON studies (dataset, state, created_at, id) WHERE gone = 0;
CREATE INDEX studies_by_algorithm ON studies (algorithm, state, created_at, id) WHERE gone = 0;
CREATE INDEX studies_by_both ON studies (dataset, algorithm, state, created_at, id) WHERE gone = 0;
CREATE INDEX studies_gone ON studies (gone) WHERE gone = 1;

-- One for each direction: an index read backwards would turn the order of equal values round, too. Only completed
-- trials have a value; the others are found by their states.
DROP INDEX trials_by_value;
CREATE INDEX trials_by_lowest ON trials (study, value, number) WHERE value IS NOT NULL;
CREATE INDEX trials_by_highest ON trials (study, value DESC, number) WHERE value IS NOT NULL;

DROP INDEX points_by_mean;
CREATE INDEX points_by_lowest ON points (study, mean, loss IS NULL, loss, first_trial);
CREATE INDEX points_by_highest ON points (study, mean DESC, loss IS NULL, loss, first_trial);

CREATE INDEX journal_by_study ON journal (study, position);
