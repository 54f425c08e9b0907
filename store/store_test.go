package store_test

import (
	"testing"

	"crossbook/internal/testkit"
	"crossbook/store"
	"crossbook/store/storetest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func TestOpenTwice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		again, err := store.Open(t.Context(), st.URL())
		if err != nil {
			t.Fatal(err)
		}
		if err := again.Close(); err != nil {
			t.Fatal(err)
		}
	})
}
