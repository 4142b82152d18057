-- What each fold of an evaluation scored at its end: accuracy and loss as little-endian doubles, fold after fold; null where
-- there is one training, and of evaluations that were recorded before folds were.
ALTER TABLE evaluations ADD COLUMN folds BLOB CHECK (length(folds) % 16 = 0);
