package sim

import (
	"testing"
	"time"
)

// A world waits for its own goroutines, however many others end in the process meanwhile.
func TestAwaitsItsOwnGoroutines(t *testing.T) {
	const others = 20
	end := make(chan struct{})
	gone := make(chan struct{}, others)
	for range others {
		go func() {
			<-end
			gone <- struct{}{}
		}()
	}
	err := RunWith(Options{}, func(*World) error {
		go time.Sleep(time.Second / 2)
		close(end)
		for range others {
			<-gone
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
