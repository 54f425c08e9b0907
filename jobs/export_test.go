package jobs

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivertype"

	"crossbook/store"
)

// sleeping is when the only job that sleeps comes back.
func (c *client[T]) sleeping(ctx context.Context, tx *store.Tx) (at time.Time, err error) {
	err = c.in(tx, func(t T) error {
		res, err := c.river.JobListTx(ctx, t, river.NewJobListParams().States(rivertype.JobStateScheduled))
		if err != nil || len(res.Jobs) != 1 {
			return errors.Join(err, errors.New("jobs that sleep: "+strconv.Itoa(len(res.Jobs))))
		}
		at = res.Jobs[0].ScheduledAt
		return nil
	})
	return at, err
}

// pretend makes the only job look as a worker that was killed leaves it.
func (c *client[T]) pretend(ctx context.Context, tx *store.Tx, worker string, since time.Time) error {
	return c.in(tx, func(t T) error {
		res, err := c.river.JobListTx(ctx, t, river.NewJobListParams())
		if err != nil || len(res.Jobs) != 1 {
			return errors.Join(err, errors.New("jobs: "+strconv.Itoa(len(res.Jobs))))
		}
		_, err = c.driver.UnwrapExecutor(t).JobUpdateFull(ctx, &riverdriver.JobUpdateFullParams{
			ID: res.Jobs[0].ID, AttemptDoUpdate: true, Attempt: 1, AttemptedAtDoUpdate: true, AttemptedAt: &since,
			AttemptedByDoUpdate: true, AttemptedBy: []string{worker}, StateDoUpdate: true, State: rivertype.JobStateRunning, FinalizedAtDoUpdate: true,
			MaxAttempts: 10_000, Metadata: []byte("{}"),
		})
		return err
	})
}
