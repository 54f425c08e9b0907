package oauth

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// KeysetFile is the name of the keys file in Crossbook's folder.
const KeysetFile = "keyset.json"

// ErrSealed says that a sealed value cannot be opened with the keys at hand.
var ErrSealed = errors.New("sealed with other keys or damaged")

// Sealer encrypts secrets for the database with the keys of a file beside it. A
// sealed value opens only for the workspace, connection and field it was sealed for,
// so a row copied elsewhere is worthless.
type Sealer struct {
	path string
	aead tink.AEAD
}

// OpenSealer opens the keys file in the folder. When there is none and create is
// set it is made, for its owner only; without create its absence is an error, as
// secrets in the database would be lost without it.
func OpenSealer(dir string, create bool) (*Sealer, error) {
	path := filepath.Join(dir, KeysetFile)
	data, err := os.ReadFile(path) //nolint:gosec // the operator names the folder
	if errors.Is(err, fs.ErrNotExist) {
		if !create {
			return nil, fmt.Errorf("keys file %s is missing: the stored sign-ins cannot be read without it; restore it from a backup, or connect again", path)
		}
		if err := createKeyset(dir, path); err != nil {
			return nil, err
		}
		data, err = os.ReadFile(path) //nolint:gosec // the operator names the folder
	}
	if err != nil {
		return nil, fmt.Errorf("keys file: %w; make it readable for the user Crossbook runs as", err)
	}
	if info, err := os.Stat(path); err == nil && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("keys file %s may be read by others: run chmod 600 on it", path)
	}
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(data)))
	if err != nil {
		return nil, damaged(path, err)
	}
	primitive, err := aead.New(handle)
	if err != nil {
		return nil, damaged(path, err)
	}
	return &Sealer{path: path, aead: primitive}, nil
}

func damaged(path string, err error) error {
	return fmt.Errorf("keys file %s is damaged (%w): restore it from a backup; without it every connection must be authorised again", path, err)
}

// createKeyset writes fresh keys completely before the file gets its name, and
// leaves a file that another process made first.
func createKeyset(dir, path string) error {
	trouble := func(err error) error {
		return fmt.Errorf("keys file: %w; check that the folder %s can be written to and the disk is not full", err, dir)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return trouble(err)
	}
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return trouble(err)
	}
	var buf bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&buf)); err != nil {
		return trouble(err)
	}
	tmp, err := os.CreateTemp(dir, KeysetFile+".*") // 0600
	if err != nil {
		return trouble(err)
	}
	defer func() { _ = os.Remove(tmp.Name()) }()
	_, err = tmp.Write(buf.Bytes())
	if err == nil {
		err = tmp.Sync()
	}
	if closeErr := tmp.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return trouble(err)
	}
	if err := os.Link(tmp.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return trouble(err)
	}
	return nil
}

// Seal encrypts a secret for one place.
func (s *Sealer) Seal(secret []byte, workspace, connection, field string) ([]byte, error) {
	sealed, err := s.aead.Encrypt(secret, place(workspace, connection, field))
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", field, err)
	}
	return sealed, nil
}

// Open decrypts what was sealed for the same place.
func (s *Sealer) Open(sealed []byte, workspace, connection, field string) ([]byte, error) {
	secret, err := s.aead.Decrypt(sealed, place(workspace, connection, field))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w: restore the keys file %s that belongs to this database, or connect again", field, ErrSealed, s.path)
	}
	return secret, nil
}

// SealCredential encrypts a credential for one place.
func (s *Sealer) SealCredential(c Credential, workspace, connection, field string) ([]byte, error) {
	data, err := json.Marshal(c) //nolint:gosec // it is sealed in the next step
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", field, err)
	}
	return s.Seal(data, workspace, connection, field)
}

// OpenCredential decrypts a credential.
func (s *Sealer) OpenCredential(sealed []byte, workspace, connection, field string) (Credential, error) {
	var c Credential
	data, err := s.Open(sealed, workspace, connection, field)
	if err != nil {
		return c, err
	}
	if err := json.Unmarshal(data, &c); err != nil {
		return c, fmt.Errorf("open %s: not a credential", field)
	}
	return c, nil
}

// place is the associated data: each part with its length before it, so that no two
// places look alike.
func place(parts ...string) []byte {
	var b []byte
	for _, p := range parts {
		b = binary.BigEndian.AppendUint32(b, uint32(len(p)))
		b = append(b, p...)
	}
	return b
}
