-- Points with two scores or more, best first: those that can be compared with the best of them.
CREATE INDEX points_repeated_by_lowest ON points (study, mean, loss IS NULL, loss, first_trial) WHERE n >= 2;
CREATE INDEX points_repeated_by_highest ON points (study, mean DESC, loss IS NULL, loss, first_trial) WHERE n >= 2;
