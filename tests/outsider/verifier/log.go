package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	height = 8 // of a tile, and so
	width  = 1 << height

	longestBundle = width * (2 + 65535)
	longestTile   = width * tlog.HashSize
	bundles       = -1 // the level at which the entries themselves stand

	oftenSaid = 1 << 20 // entries between two lines of progress
)

// A log is read under one signed checkpoint. It is a tlog.HashReader that believes no tile: a hash is told only once it
// has been proved to lie under the signed root. The library has such a reader too, but in Debian's version it starts
// looking at tiles too late in its list and lets some through (CVE-2026-56865).
type log struct {
	source source
	tree   tlog.Tree
	edge   [][]byte         // of each level, the partial tile at the right; empty if there is none
	last   map[int]fullTile // of each level, the full tile that was proved last
}

type fullTile struct {
	index  int64
	hashes []byte
}

// NewLog fetches the partial tiles at the right edge. Together they hold the roots of all the complete subtrees that the
// tree is made of, so they are proved when the signed root comes out of them.
func newLog(source source, tree tlog.Tree) (*log, error) {
	l := &log{source: source, tree: tree, last: map[int]fullTile{}}
	if tree.N == 0 {
		if tree.Hash != sha256.Sum256(nil) {
			return nil, errors.New("checkpoint: is of no entries, and has a root")
		}
		return l, nil
	}
	for level := 0; l.count(level) > 0; level++ {
		row := []byte{}
		if there := l.count(level); there%width != 0 {
			var err error
			if row, err = l.hashes(tile(level, there/width, there%width)); err != nil {
				return nil, err
			}
		}
		l.edge = append(l.edge, row)
	}
	root, err := tlog.TreeHash(tree.N, l)
	if err != nil {
		return nil, err
	}
	if root != tree.Hash {
		return nil, errors.New("partial tiles: do not hash to the signed root")
	}
	return l, nil
}

// Fsck reads every bundle and every tile: each tile is proved by the one above it, each entry by its leaf.
func (l *log) fsck() error {
	for n := int64(0); n*width < l.tree.N; n++ {
		leaves, err := l.prove(0, n)
		if err != nil {
			return err
		}
		asked := tile(bundles, n, int64(len(leaves)/tlog.HashSize))
		found, data, err := l.fetch(asked, longestBundle)
		if err != nil {
			return err
		}
		for place := 0; place < asked.W; place++ {
			var entry []byte
			if entry, data, err = cut(data); err != nil {
				return fmt.Errorf("%s: %w at entry %d", path(found), err, n*width+int64(place))
			}
			if leaf := tlog.RecordHash(entry); string(leaf[:]) != string(leaves[place*tlog.HashSize:][:tlog.HashSize]) {
				return fmt.Errorf("%s: entry %d does not hash to its leaf", path(found), n*width+int64(place))
			}
		}
		if len(data) > 0 && found.W == asked.W {
			return fmt.Errorf("%s: holds more than its %d entries", path(found), found.W)
		}
		if done := (n + 1) * width; done%oftenSaid == 0 {
			fmt.Fprintf(os.Stderr, "%d of %d entries\n", done, l.tree.N)
		}
	}
	return nil
}

// Cut takes the first entry off a bundle: two bytes that say how long it is, and as many bytes.
func cut(bundle []byte) (entry, rest []byte, err error) {
	if len(bundle) < 2 {
		return nil, nil, errors.New("ends")
	}
	end := 2 + int(bundle[0])<<8 + int(bundle[1])
	if len(bundle) < end {
		return nil, nil, errors.New("ends")
	}
	return bundle[2:end], bundle[end:], nil
}

// ReadHashes tells hashes by the library's numbers for them, each from a tile that was proved.
func (l *log) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		wanted := tlog.TileForIndex(height, index)
		row, err := l.prove(wanted.L, wanted.N)
		if err != nil {
			return nil, err
		}
		wanted.W = len(row) / tlog.HashSize
		if found[i], err = tlog.HashFromTile(wanted, row, index); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// Prove returns the hashes of a tile once they are known to be right: those of the edge, or full ones that hash to their
// place in the tile above, which was proved before.
func (l *log) prove(level int, n int64) ([]byte, error) {
	if n == l.count(level)/width {
		return l.edge[level], nil
	}
	if kept, isKept := l.last[level]; isKept && kept.index == n {
		return kept.hashes, nil
	}
	above, err := l.prove(level+1, n/width)
	if err != nil {
		return nil, err
	}
	row, err := l.hashes(tile(level, n, width))
	if err != nil {
		return nil, err
	}
	if hash := top(row); string(hash[:]) != string(above[n%width*tlog.HashSize:][:tlog.HashSize]) {
		return nil, fmt.Errorf("%s: does not hash to its place in the tile above", path(tile(level, n, width)))
	}
	l.last[level] = fullTile{n, row}
	return row, nil
}

// Top hashes the hashes of a full tile, two by two, to one.
func top(row []byte) (hash tlog.Hash) {
	if len(row) == tlog.HashSize {
		copy(hash[:], row)
		return hash
	}
	half := len(row) / 2
	return tlog.NodeHash(top(row[:half]), top(row[half:]))
}

// Count says how many hashes there are at a level.
func (l *log) count(level int) int64 { return l.tree.N >> (height * level) }

// Hashes fetches a tile of hashes, unproved.
func (l *log) hashes(asked tlog.Tile) ([]byte, error) {
	found, data, err := l.fetch(asked, longestTile)
	if err != nil {
		return nil, err
	}
	if len(data) != found.W*tlog.HashSize {
		return nil, fmt.Errorf("%s: is not %d hashes", path(found), found.W)
	}
	return data[:asked.W*tlog.HashSize], nil
}

// Fetch gets a tile or a bundle. A partial one may be gone once the full one is there, which begins with the same.
func (l *log) fetch(asked tlog.Tile, longest int64) (tlog.Tile, []byte, error) {
	data, err := l.source.fetch(path(asked), longest)
	if errors.Is(err, fs.ErrNotExist) && asked.W < width {
		full := tile(asked.L, asked.N, width)
		if data, fullErr := l.source.fetch(path(full), longest); fullErr == nil {
			return full, data, nil
		}
	}
	return asked, data, err
}

func tile(level int, n, w int64) tlog.Tile { return tlog.Tile{H: height, L: level, N: n, W: int(w)} }

// Path is where C2SP keeps a tile; the library has the height in it, and another word for entries.
func path(t tlog.Tile) string {
	return strings.Replace(strings.Replace(t.Path(), "tile/8/", "tile/", 1), "tile/data/", "tile/entries/", 1)
}
