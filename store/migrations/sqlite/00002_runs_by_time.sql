-- Runs are looked up by when they began: the last one at each turn.
-- +goose Up
CREATE INDEX run_started ON run (connection_id, started_at, id);

-- +goose Down
DROP INDEX run_started;
