package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const longestNote = 1 << 20

// A source serves the files of a log by their paths; one that is not there is fs.ErrNotExist.
type source interface {
	fetch(path string, longest int64) ([]byte, error)
}

func newSource(where string) source {
	if strings.HasPrefix(where, "http://") || strings.HasPrefix(where, "https://") {
		return site{strings.TrimSuffix(where, "/"), &http.Client{Timeout: time.Minute}}
	}
	return folder(where)
}

type folder string

func (f folder) fetch(path string, longest int64) ([]byte, error) {
	file, err := os.Open(filepath.Join(string(f), filepath.FromSlash(path)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, missing(path)
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return bounded(file, path, longest)
}

type site struct {
	base   string
	client *http.Client
}

func (s site) fetch(path string, longest int64) ([]byte, error) {
	answer, err := s.client.Get(s.base + "/" + path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	defer answer.Body.Close()
	switch answer.StatusCode {
	case http.StatusOK:
		return bounded(answer.Body, path, longest)
	case http.StatusNotFound, http.StatusGone:
		return nil, missing(path)
	default:
		return nil, fmt.Errorf("%s: is answered with %s", path, answer.Status)
	}
}

func missing(path string) error { return fmt.Errorf("%s: %w", path, fs.ErrNotExist) }

// Bounded reads no more than a file of its kind can hold.
func bounded(from io.Reader, path string, longest int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(from, longest+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if int64(len(data)) > longest {
		return nil, fmt.Errorf("%s: is longer than %d bytes", path, longest)
	}
	return data, nil
}
