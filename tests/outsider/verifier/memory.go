package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"golang.org/x/mod/sumdb/tlog"
)

// Recall returns the tree that was remembered when the log was last accepted, or one of no entries.
func recall(asked order) (tlog.Tree, error) {
	if asked.memory == "" {
		return tlog.Tree{}, nil
	}
	data, err := os.ReadFile(asked.memory)
	if errors.Is(err, fs.ErrNotExist) {
		fmt.Printf("history: %s is not there yet; this checkpoint will be the first to be remembered\n", asked.memory)
		return tlog.Tree{}, nil
	}
	if err != nil {
		return tlog.Tree{}, misuse{err}
	}
	before, err := open(data, asked.keys[:1])
	if err != nil {
		return tlog.Tree{}, misuse{fmt.Errorf("%s: %w", asked.memory, err)}
	}
	return before, nil
}

// Contradiction says what two signed checkpoints alone show to be wrong.
func contradiction(before, now tlog.Tree) string {
	switch {
	case before.N > now.N:
		return fmt.Sprintf("the log shrank from %d entries to %d", before.N, now.N)
	case before.N == now.N && before.N > 0 && before.Hash != now.Hash:
		return fmt.Sprintf("the log has two roots over %d entries", now.N)
	default:
		return ""
	}
}

// Begins says whether the log begins with the entries of an earlier tree.
func (l *log) begins(before tlog.Tree) (bool, error) {
	proof, err := tlog.ProveTree(l.tree.N, before.N, l)
	if err != nil {
		return false, err
	}
	return tlog.CheckTree(proof, l.tree.N, l.tree.Hash, before.N, before.Hash) == nil, nil
}

// Evidence keeps the checkpoint that contradicts the remembered one. Both are signed with the log's key.
func evidence(asked order, signed []byte, problem string) error {
	file := asked.memory + ".rejected"
	if err := keep(file, signed); err != nil {
		return fmt.Errorf("history: %s; the checkpoint that proves it could not be kept: %v", problem, err)
	}
	return fmt.Errorf("history: %s; the signatures in %s and %s prove it", problem, asked.memory, file)
}

// Keep writes a file whole or not at all.
func keep(file string, data []byte) error {
	if err := os.WriteFile(file+".new", data, 0o600); err != nil {
		return misuse{err}
	}
	if err := os.Rename(file+".new", file); err != nil {
		return misuse{err}
	}
	return nil
}
