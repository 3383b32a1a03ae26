package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Open reads a checkpoint and returns its tree if the log and every witness named have signed it. Signatures by others,
// and of kinds that this program does not know (ML-DSA-44), are passed over. The library's own reader of trees wants
// the first line of Go's checksum database; here it is the log's origin, which is the name of its key. Lines after the
// root say nothing that could be checked.
func open(signed []byte, keys []note.Verifier) (tlog.Tree, error) {
	opened, err := note.Open(signed, note.VerifierList(keys...))
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("checkpoint: %w", err)
	}
	for _, key := range keys {
		if !hasSigned(opened, key) {
			return tlog.Tree{}, fmt.Errorf("checkpoint: not signed by %s", key.Name())
		}
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != keys[0].Name() {
		return tlog.Tree{}, fmt.Errorf("checkpoint: is not one of %s", keys[0].Name())
	}
	size, err := decimal(lines[1])
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("checkpoint: size %w", err)
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("checkpoint: root is no hash")
	}
	return tlog.Tree{N: size, Hash: root}, nil
}

func hasSigned(opened *note.Note, key note.Verifier) bool {
	for _, signature := range opened.Sigs {
		if signature.Name == key.Name() && signature.Hash == key.KeyHash() {
			return true
		}
	}
	return false
}

// ParseProof reads a tlog-proof: the index of an entry, the path from its leaf to the root, and the checkpoint that the
// path leads to. Extra data is not signed by anybody, so it is not looked at.
func parseProof(data []byte) (index int64, path tlog.RecordProof, signed []byte, err error) {
	head, rest, isSplit := strings.Cut(string(data), "\n\n")
	lines := strings.Split(head, "\n")
	if lines[0] != "c2sp.org/tlog-proof@v1" || !isSplit {
		return 0, nil, nil, errors.New("proof: is no tlog-proof of version 1")
	}
	lines = lines[1:]
	if len(lines) > 0 && strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	if len(lines) == 0 || !strings.HasPrefix(lines[0], "index ") {
		return 0, nil, nil, errors.New("proof: has no index")
	}
	if index, err = decimal(strings.TrimPrefix(lines[0], "index ")); err != nil {
		return 0, nil, nil, fmt.Errorf("proof: index %w", err)
	}
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return 0, nil, nil, fmt.Errorf("proof: %q is no hash", line)
		}
		path = append(path, hash)
	}
	return index, path, []byte(rest), nil
}

// Decimal reads a number in the one way that the formats write it.
func decimal(text string) (int64, error) {
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil || number < 0 || strconv.FormatInt(number, 10) != text {
		return 0, fmt.Errorf("%q is no number", text)
	}
	return number, nil
}

// A witness is a key that cosigns checkpoints (https://c2sp.org/tlog-cosignature): a kind of signature, 0x04, that the
// library does not know. It is over the time at which the checkpoint was seen and the checkpoint.
type witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

const cosignature = 0x04

func newWitness(vkey string) (note.Verifier, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("is no key: name+id+key is wanted")
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != cosignature {
		return nil, errors.New("is no Ed25519 key of a witness")
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	found := witness{parts[0], binary.BigEndian.Uint32(sum[:4]), key[1:]}
	if fmt.Sprintf("%08x", found.hash) != parts[1] {
		return nil, errors.New("has another id than it says")
	}
	return found, nil
}

func (w witness) Name() string    { return w.name }
func (w witness) KeyHash() uint32 { return w.hash }

func (w witness) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	said := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(signature[:8]), text)
	return ed25519.Verify(w.key, []byte(said), signature[8:])
}
