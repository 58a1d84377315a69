package deliver

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"parley"
	"parley/release"
)

// BenchmarkWebhooks measures notices a second from the queue on disk to a receiver on this machine, each signed, posted and committed.
func BenchmarkWebhooks(b *testing.B) {
	for _, channels := range []int{1, 8} {
		b.Run(fmt.Sprintf("channels=%d", channels), func(b *testing.B) {
			s := enter(b)
			var took atomic.Int64
			r := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { took.Add(1) }))
			defer r.Close()
			var hooks []any
			for i := range channels {
				hooks = append(hooks, s.hook(fmt.Sprintf("hook-%d", i), r.URL, nil))
			}
			cfg := s.config(hooks...)
			// Queued beforehand, so that only the way out is measured.
			q, err := openQueue(b.Context(), s.folder)
			if err != nil {
				b.Fatal(err)
			}
			var notices []release.Notice
			for i := range b.N {
				notices = append(notices, release.Notice{Number: uint64(i), Kind: parley.NoticeNotified, Object: s.site, Version: 1, At: parley.Stamp(time.Now().UnixMilli())})
			}
			next := uint64(len(inboxOf(s, s.A.Officer)))
			for _, ch := range cfg.Channels {
				if err := q.enqueue(context.Background(), ch, s.A.Ref, notices, next, time.Now()); err != nil {
					b.Fatal(err)
				}
			}
			if err := q.close(); err != nil {
				b.Fatal(err)
			}
			b.ResetTimer()
			s.start(cfg)
			eventually(b, "not all were delivered", func() bool { return took.Load() >= int64(b.N*channels) })
			b.ReportMetric(float64(b.N*channels)/b.Elapsed().Seconds(), "notices/s")
		})
	}
}

// BenchmarkFromCommandToReceiver measures from a command's receipt to the webhook that tells of it.
func BenchmarkFromCommandToReceiver(b *testing.B) {
	s := enter(b)
	came := make(chan struct{}, 16)
	r := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { came <- struct{}{} }))
	defer r.Close()
	d := s.start(s.config(s.hook("north", r.URL, nil)))
	placed(b, d)
	b.ResetTimer()
	for range b.N {
		b.StopTimer()
		s.resend()
		b.StartTimer()
		<-came
	}
}
