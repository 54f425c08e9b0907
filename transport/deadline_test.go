package transport

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestDeadline_ReadsAndWritesHaveTheirOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{replies: []reply{{status: 200}}, hold: time.Hour}
		for _, tc := range []struct {
			class Class
			want  time.Duration
		}{{Class{Read: true}, ReadDeadline}, {Class{}, WriteDeadline}} {
			begin := time.Now()
			_, err := Deadline{Next: s}.RoundTrip(request(t.Context(), t, tc.class))
			if !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) != tc.want {
				t.Errorf("read %v: %v after %v", tc.class.Read, err, time.Since(begin))
			}
		}
	})
}
