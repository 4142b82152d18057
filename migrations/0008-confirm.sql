-- New runs of the best points: which of them are left after the last round, and what these runs alone have scored.
ALTER TABLE points ADD COLUMN still_in INTEGER NOT NULL DEFAULT 0 CHECK (still_in IN (0, 1));
ALTER TABLE points ADD COLUMN confirm_n INTEGER NOT NULL DEFAULT 0 CHECK (confirm_n >= 0);
ALTER TABLE points ADD COLUMN confirm_mean REAL NOT NULL DEFAULT 0;
ALTER TABLE points ADD COLUMN confirm_m2 REAL NOT NULL DEFAULT 0 CHECK (confirm_m2 >= 0);

-- Those that are left come first.
DROP INDEX points_by_lowest;
DROP INDEX points_by_highest;
DROP INDEX points_repeated_by_lowest;
DROP INDEX points_repeated_by_highest;
CREATE INDEX points_by_lowest ON points (study, still_in DESC, mean, loss IS NULL, loss, first_trial);
CREATE INDEX points_by_highest ON points (study, still_in DESC, mean DESC, loss IS NULL, loss, first_trial);
CREATE INDEX points_repeated_by_lowest ON points (study, still_in DESC, mean, loss IS NULL, loss, first_trial)
  WHERE n >= 2;
CREATE INDEX points_repeated_by_highest ON points (study, still_in DESC, mean DESC, loss IS NULL, loss, first_trial)
  WHERE n >= 2;
