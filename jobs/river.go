package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"

	"crossbook/store"
)

// client is the part of the backend that both databases share. T is how the
// driver knows a transaction; in gives it the one of ours.
type client[T any] struct {
	river  *river.Client[T]
	driver riverdriver.Driver[T]
	in     func(tx *store.Tx, fn func(T) error) error
	done   func()
	// completeTx is JobCompleteTx for this driver: its type parameters cannot
	// be named here.
	completeTx func(ctx context.Context, tx T, j job) error
}

func newClient[T any](ctx context.Context, q *Queue, c client[T]) (*client[T], error) {
	if err := migrate(ctx, c.driver); err != nil {
		return nil, err
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &pump{q: q})
	cfg := &river.Config{
		ID: q.id, Logger: slog.New(warnings{q.log.Handler()}), Workers: workers, JobTimeout: jobTimeout, RescueStuckJobsAfter: rescueTime,
		FetchCooldown: pollAtMost, FetchPollInterval: pollEvery,
		// Finished wake-ups say nothing; there are thousands a day.
		CompletedJobRetentionPeriod: time.Hour,
	}
	if q.opts.Work {
		cfg.Queues = map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: q.opts.Workers}}
	}
	var err error
	c.river, err = river.NewClient(c.driver, cfg)
	return &c, err
}

// migrate brings River's own tables up to date. Two processes may do it at
// once: the loser of a step finds it done when it looks again.
func migrate[T any](ctx context.Context, driver riverdriver.Driver[T]) error {
	m, err := rivermigrate.New(driver, nil)
	if err != nil {
		return err
	}
	const attempts = 5
	for i := range attempts {
		var done *rivermigrate.ValidateResult
		if done, err = m.Validate(ctx, nil); err == nil && done.OK {
			return nil
		}
		if _, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(i+1) * 100 * time.Millisecond):
		}
	}
	return fmt.Errorf("prepare the tables of the job queue: %w", err)
}

func (c *client[T]) start(ctx context.Context) error { return c.river.Start(ctx) }

func (c *client[T]) stop(ctx context.Context) error {
	err := c.river.Stop(ctx)
	if err == nil || ctx.Err() == nil {
		return err
	}
	// Time is up: cancel the turns and give them a moment to notice.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endDeadline)
	defer cancel()
	return errors.Join(err, c.river.StopAndCancel(ctx))
}

func (c *client[T]) wake(ctx context.Context, tx *store.Tx, connectionID string, at time.Time, urgent bool) error {
	return c.in(tx, func(t T) error {
		res, err := c.river.InsertTx(ctx, t, pumpArgs{Connection: connectionID}, &river.InsertOpts{ScheduledAt: at})
		if err != nil || !urgent || !res.UniqueSkippedAsDuplicate {
			return err
		}
		switch res.Job.State {
		case rivertype.JobStateScheduled, rivertype.JobStateRetryable:
			_, err = c.river.JobRetryTx(ctx, t, res.Job.ID)
		}
		return err
	})
}

func (c *client[T]) complete(ctx context.Context, tx *store.Tx, j job) error {
	return c.in(tx, func(t T) error {
		// River completes a job that anybody runs. One that was taken from us and
		// runs again is not ours to end; each time it is taken counts as an attempt.
		row, err := c.river.JobGetTx(ctx, t, j.ID)
		if err != nil {
			return err
		}
		if row.State != rivertype.JobStateRunning || row.Attempt != j.Attempt {
			return rivertype.ErrNotFound
		}
		return c.completeTx(ctx, t, j)
	})
}

func (c *client[T]) running(ctx context.Context, tx *store.Tx) ([]runningJob, error) {
	var out []runningJob
	err := c.in(tx, func(t T) error {
		const many = 10_000
		res, err := c.river.JobListTx(ctx, t, river.NewJobListParams().Kinds(pumpKind).States(rivertype.JobStateRunning).First(many))
		if err != nil {
			return err
		}
		for _, row := range res.Jobs {
			j, err := toRunning(row)
			if err != nil {
				return err
			}
			out = append(out, j)
		}
		return nil
	})
	return out, err
}

func (c *client[T]) close() { c.done() }

// warnings lets River say what is wrong; what it does is of no interest to the
// people who read our log.
type warnings struct{ slog.Handler }

func (w warnings) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && w.Handler.Enabled(ctx, level)
}

func (w warnings) WithAttrs(attrs []slog.Attr) slog.Handler {
	return warnings{w.Handler.WithAttrs(attrs)}
}

func (w warnings) WithGroup(name string) slog.Handler { return warnings{w.Handler.WithGroup(name)} }
