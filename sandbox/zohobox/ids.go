package zohobox

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strconv"
)

// idSource hands out ids and tokens. Everything follows from the seed and two
// counters: the same seed and the same calls give the same bytes.
type idSource struct {
	base    int64
	key     []byte
	Meta    int64 // modules, fields, layouts, users, ...
	Record  int64
	Secrets int64
}

func newIDSource(seed int64) idSource {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(seed))
	sum := sha256.Sum256(append([]byte("zohobox ids "), b[:]...))
	span := int64(binary.BigEndian.Uint32(sum[:4]) % 3_000_000)
	return idSource{
		// 19 digits for every seed, as the vendor's ids have (section 3).
		base: 4_000_000_000_000_000_000 + span*1_000_000_000_000,
		key:  sum[:],
	}
}

func (s *idSource) meta() string {
	s.Meta++
	return strconv.FormatInt(s.base+1000+s.Meta, 10)
}

func (s *idSource) record() int64 {
	s.Record++
	return s.base + 1_000_000 + s.Record
}

// secret makes a token of the vendor's shape, "1000." and two hex parts.
func (s *idSource) secret(kind string) string {
	s.Secrets++
	m := hmac.New(sha256.New, s.key)
	m.Write([]byte(kind + " " + strconv.FormatInt(s.Secrets, 10)))
	h := hex.EncodeToString(m.Sum(nil))
	return "1000." + h[:32] + "." + h[32:]
}

// fixed makes a value that depends on the seed alone, such as the client id.
func (s *idSource) fixed(kind string) string {
	m := hmac.New(sha256.New, s.key)
	m.Write([]byte("fixed " + kind))
	return hex.EncodeToString(m.Sum(nil))
}

// parseID reads a record id; ids are positive integers of up to 19 digits.
func parseID(s string) (int64, bool) {
	if s == "" || len(s) > 19 {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && n > 0
}

func formatID(n int64) string { return strconv.FormatInt(n, 10) }
