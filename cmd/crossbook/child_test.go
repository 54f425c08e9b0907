package main

import (
	"io"
	"testing"
	"time"
)

func TestEndWith_StopsOnceTheParentIsGone(t *testing.T) {
	held, parent := io.Pipe()
	stopped := make(chan struct{})
	endWith(held, func() { close(stopped) })
	if _, err := parent.Write([]byte("still here")); err != nil {
		t.Fatal(err)
	}
	select {
	case <-stopped:
		t.Fatal("stopped while the parent lives")
	default:
	}
	if err := parent.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-stopped:
	case <-time.After(10 * time.Second):
		t.Error("goes on without its parent")
	}
}
