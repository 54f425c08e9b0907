package qbobox

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"math/big"
	"strconv"
	"sync"
	"time"
)

const (
	issuer  = "https://oauth.platform.intuit.com/op/v1" // reference section 1.1
	keyID   = "sandbox-1"
	keyBits = 2048
)

// signer holds the key of id tokens. It follows from the seed, like every
// other secret of the box, and is made when it is first needed.
type signer struct {
	once sync.Once
	key  *rsa.PrivateKey
}

func (s *signer) load(seed int64) *rsa.PrivateKey {
	s.once.Do(func() {
		for n := 0; s.key == nil; n++ {
			s.key = keyOf(prime(seed, "p", n), prime(seed, "q", n))
		}
	})
	return s.key
}

// prime is the first prime number after a number of half the key's length.
func prime(seed int64, what string, n int) *big.Int {
	raw := sha256.Sum256([]byte(derive(seed, "signing key "+what+strconv.Itoa(n), 64)))
	bits := []byte{}
	for len(bits) < keyBits/16 {
		bits = append(bits, raw[:]...)
		raw = sha256.Sum256(raw[:])
	}
	bits[0] |= 0xc0 // the product has all its bits
	p := new(big.Int).SetBytes(bits)
	p.SetBit(p, 0, 1)
	for two := big.NewInt(2); !p.ProbablyPrime(8); {
		p.Add(p, two)
	}
	return p
}

// keyOf is nil when the two primes do not make a key.
func keyOf(p, q *big.Int) *rsa.PrivateKey {
	one := big.NewInt(1)
	phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	d := new(big.Int).ModInverse(big.NewInt(65537), phi)
	if d == nil {
		return nil
	}
	k := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: 65537}, D: d, Primes: []*big.Int{p, q}}
	k.Precompute()
	if k.Validate() != nil {
		return nil
	}
	return k
}

func base64url(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

// jwk is the public half, as the key page shows it.
func (s *signer) jwk(seed int64) object {
	k := s.load(seed)
	return object{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": keyID,
		"n": base64url(k.N.Bytes()), "e": base64url(big.NewInt(int64(k.E)).Bytes()),
	}
}

// idToken says who signed in; it comes with the other tokens when openid was
// asked for (reference section 1.4).
func (b *Box) idToken(now time.Time) string {
	claims := object{
		"iss": issuer, "aud": []any{b.opt.ClientID}, "sub": derive(b.opt.Seed, "sub", 36), "auth_time": jsonInt(int(b.tokens.Consent.Unix())),
		"iat": jsonInt(int(now.Unix())), "exp": jsonInt(int(now.Add(accessLife).Unix())),
	}
	if opensCompany(b.tokens.scopes()) {
		claims["realmid"] = b.opt.RealmID
	}
	text := base64url(encode(object{"alg": "RS256", "kid": keyID})) + "." + base64url(encode(claims))
	sum := sha256.Sum256([]byte(text))
	sig, err := rsa.SignPKCS1v15(nil, b.signer.load(b.opt.Seed), crypto.SHA256, sum[:])
	if err != nil {
		b.log.Error("the id token cannot be signed", "error", err)
		return ""
	}
	return text + "." + base64url(sig)
}
