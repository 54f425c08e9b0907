package store

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/klauspost/compress/zstd"

	"crossbook"
)

// Raw records are a kilobyte or two of JSON that repeats its key names; the
// fastest level already takes most of that away. Both coders are safe for
// concurrent use in the EncodeAll and DecodeAll forms.
var (
	encoder = must(zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
		zstd.WithLowerEncoderMem(true), zstd.WithWindowSize(64<<10)))
	decoder = must(zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxMemory(64<<20)))
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(fmt.Sprintf("zstd options: %v", err)) // fixed options: cannot fail
	}
	return v
}

// pack is the compressed JSON of a record, nil when it carries no data.
func pack(r crossbook.Record) (any, error) {
	if r.Data == nil {
		return nil, nil
	}
	raw, err := r.Raw()
	if err != nil {
		return nil, err
	}
	return encoder.EncodeAll(raw, nil), nil
}

// unpack gives the data back with numbers as json.Number, digit for digit.
func unpack(packed []byte) (map[string]any, error) {
	if len(packed) == 0 {
		return nil, nil
	}
	raw, err := decoder.DecodeAll(packed, nil)
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var data map[string]any
	err = dec.Decode(&data)
	return data, err
}
