package jobs

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"

	"crossbook/store"
)

// openSQLite runs River on the store's own writing connection: everything that
// writes queues there, so nothing ever finds the database locked.
func openSQLite(ctx context.Context, q *Queue) (backend, error) {
	return newClient(ctx, q, client[*sql.Tx]{
		driver: riversqlite.New(q.st.Writer()),
		in:     func(tx *store.Tx, fn func(*sql.Tx) error) error { return fn(tx.SQL()) },
		completeTx: func(ctx context.Context, tx *sql.Tx, j job) error {
			_, err := river.JobCompleteTx[*riversqlite.Driver](ctx, tx, j)
			return err
		},
		done: func() {},
	})
}

func toRunning(row *rivertype.JobRow) (runningJob, error) {
	var args pumpArgs
	if err := json.Unmarshal(row.EncodedArgs, &args); err != nil {
		return runningJob{}, fmt.Errorf("job %d: %w", row.ID, err)
	}
	j := runningJob{id: row.ID, connectionID: args.Connection}
	if n := len(row.AttemptedBy); n > 0 {
		j.worker = row.AttemptedBy[n-1]
	}
	if row.AttemptedAt != nil {
		j.since = *row.AttemptedAt
	}
	return j, nil
}
