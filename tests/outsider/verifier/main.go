// Verifier checks a published log with code that the log's own project did not write: Go's checksum database
// (golang.org/x/mod/sumdb/{tlog,note}, as Debian ships it) and this program's few files.
//
//	verifier -key VKEY [-witness VKEY]... [-memory FILE] [-fsck] FOLDER|URL
//	verifier -key VKEY [-witness VKEY]... -proof FILE (-leaf FILE|-hash BASE64) [-index NUMBER]
//
// The formats are C2SP's tlog-tiles, tlog-checkpoint, tlog-cosignature and tlog-proof (https://c2sp.org). It says
// "accepted" and ends with 0, or "rejected", what and why, and ends with 1. With 2 it was called wrongly, or could not
// read or write a file of the caller's: nothing is accepted.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	accepted = iota
	rejected
	misused
)

const usage = `verifier -key VKEY [-witness VKEY]... [-memory FILE] [-fsck] FOLDER|URL
verifier -key VKEY [-witness VKEY]... -proof FILE (-leaf FILE|-hash BASE64) [-index NUMBER]`

// A misuse is a call that nothing can be checked by.
type misuse struct{ error }

// An order is what the command line asks for.
type order struct {
	keys   []note.Verifier // the log's, then the witnesses': all must have signed
	log    string
	memory string
	fsck   bool
	proof  string
	leaf   string
	hash   string
	index  int64
}

func main() {
	asked, err := read(os.Args[1:])
	if err == nil && asked.proof != "" {
		err = offline(asked)
	} else if err == nil {
		err = online(asked)
	}
	switch {
	case err == nil:
		fmt.Println("accepted")
		os.Exit(accepted)
	case errors.As(err, new(misuse)):
		fmt.Fprintln(os.Stderr, err)
		os.Exit(misused)
	default:
		fmt.Println("rejected:", err)
		os.Exit(rejected)
	}
}

// Read takes the command line apart.
func read(words []string) (order, error) {
	asked := order{}
	key, witnesses := "", []string{}
	flags := flag.NewFlagSet("verifier", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&key, "key", "", "")
	flags.StringVar(&asked.memory, "memory", "", "")
	flags.BoolVar(&asked.fsck, "fsck", false, "")
	flags.StringVar(&asked.proof, "proof", "", "")
	flags.StringVar(&asked.leaf, "leaf", "", "")
	flags.StringVar(&asked.hash, "hash", "", "")
	flags.Int64Var(&asked.index, "index", -1, "")
	flags.Func("witness", "", func(text string) error { witnesses = append(witnesses, text); return nil })
	if err := flags.Parse(words); err != nil {
		return asked, misuse{fmt.Errorf("%w\n%s", err, usage)}
	}
	asked.log = flags.Arg(0)

	isOffline, isOfEntry := asked.proof != "", asked.leaf != "" || asked.hash != ""
	switch {
	case isOffline == (asked.log != "") || flags.NArg() > 1:
		return asked, misuse{errors.New("name one folder or URL of a log, or a file with -proof")}
	case isOffline && (asked.memory != "" || asked.fsck):
		return asked, misuse{errors.New("-memory and -fsck are for a whole log")}
	case isOffline != isOfEntry || asked.leaf != "" && asked.hash != "":
		return asked, misuse{errors.New("-proof is of one entry: its bytes in the file of -leaf, or its -hash")}
	case !isOffline && asked.index != -1:
		return asked, misuse{errors.New("-index is for -proof")}
	}

	log, err := note.NewVerifier(key)
	if err != nil {
		return asked, misuse{fmt.Errorf("-key: %w (the log's Ed25519 key is wanted)", err)}
	}
	asked.keys = append(asked.keys, log)
	for _, text := range witnesses {
		witness, err := newWitness(text)
		if err != nil {
			return asked, misuse{fmt.Errorf("-witness: %w", err)}
		}
		asked.keys = append(asked.keys, witness)
	}
	return asked, nil
}

// Online checks a log as it is served: its checkpoint, that nothing that was remembered has changed, and with -fsck
// every byte that the checkpoint speaks for. What is remembered moves on only when all of it held.
func online(asked order) error {
	source := newSource(asked.log)
	signed, err := source.fetch("checkpoint", longestNote)
	if err != nil {
		return err
	}
	tree, err := open(signed, asked.keys)
	if err != nil {
		return err
	}
	fmt.Printf("checkpoint: %s, %d entries, root %v, signed by %s\n", asked.keys[0].Name(), tree.N, tree.Hash, names(asked.keys))

	before, err := recall(asked)
	if err != nil {
		return err
	}
	if problem := contradiction(before, tree); problem != "" {
		return evidence(asked, signed, problem)
	}
	log, err := newLog(source, tree)
	if err != nil {
		return err
	}
	if before.N > 0 {
		begins, err := log.begins(before)
		if err != nil {
			return err
		}
		if !begins {
			return evidence(asked, signed, fmt.Sprintf("the first %d entries are not those that are remembered", before.N))
		}
		fmt.Printf("history: begins with the %d entries that are remembered\n", before.N)
	}
	if asked.fsck {
		if err := log.fsck(); err != nil {
			return err
		}
		fmt.Printf("entries: all %d hash to their leaves, every tile to the root\n", tree.N)
	}
	if asked.memory != "" {
		return keep(asked.memory, signed)
	}
	return nil
}

// Offline checks that a proof file leads from an entry to a signed checkpoint. Nothing is fetched.
func offline(asked order) error {
	data, err := os.ReadFile(asked.proof)
	if err != nil {
		return misuse{err}
	}
	leaf, err := leafHash(asked)
	if err != nil {
		return misuse{err}
	}
	index, path, signed, err := parseProof(data)
	if err != nil {
		return err
	}
	tree, err := open(signed, asked.keys)
	if err != nil {
		return err
	}
	if asked.index != -1 && asked.index != index {
		return fmt.Errorf("proof: is of entry %d, not of %d", index, asked.index)
	}
	if err := tlog.CheckRecord(path, tree.N, tree.Hash, index, leaf); err != nil {
		return fmt.Errorf("proof: does not lead from this entry at %d to the root of %d entries", index, tree.N)
	}
	fmt.Printf("proof: entry %d is among the %d of %s, signed by %s\n", index, tree.N, asked.keys[0].Name(), names(asked.keys))
	return nil
}

func leafHash(asked order) (tlog.Hash, error) {
	if asked.hash != "" {
		return tlog.ParseHash(asked.hash)
	}
	entry, err := os.ReadFile(asked.leaf)
	return tlog.RecordHash(entry), err
}

func names(keys []note.Verifier) string {
	found := []string{}
	for _, key := range keys {
		found = append(found, key.Name())
	}
	return strings.Join(found, ", ")
}
