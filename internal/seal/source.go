package seal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// source is where a sealer's keyset is read again from, and when it was.
type source struct {
	file string
	at   time.Time // modification time of what was read
}

// FromText is a sealer of a keyset in its text form, such as an environment variable holds.
func FromText(text string) (*Sealer, error) {
	k, err := ParseKeyset([]byte(text))
	if err != nil {
		return nil, err
	}
	return New(k)
}

// FromFile is a sealer of a keyset file; Reload reads it again. A file that is
// not there is fs.ErrNotExist.
func FromFile(name string) (*Sealer, error) {
	k, at, err := readFile(name)
	if err != nil {
		return nil, err
	}
	s, err := New(k)
	if err != nil {
		return nil, err
	}
	s.src = source{name, at}
	return s, nil
}

func readFile(name string) (*Keyset, time.Time, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("keyset: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, time.Time{}, fmt.Errorf("keyset %s may be read by others: chmod 600 it", name)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("keyset: %w", err)
	}
	k, err := ParseKeyset(text)
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("%s: %w", name, err)
	}
	return k, info.ModTime(), nil
}

// File is the file the keyset comes from, "" when it comes from none.
func (s *Sealer) File() string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.src.file
}

// Reload reads the keyset's file again if it has changed. A sealer without a
// file stays as it is. What cannot be read changes nothing.
func (s *Sealer) Reload() error {
	s.mu.RLock()
	src := s.src
	s.mu.RUnlock()
	if src.file == "" {
		return nil
	}
	info, err := os.Stat(src.file)
	if err != nil {
		return fmt.Errorf("keyset: %w", err)
	}
	if info.ModTime().Equal(src.at) {
		return nil
	}
	k, at, err := readFile(src.file)
	if err != nil {
		return err
	}
	p, err := k.primitives()
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now, s.src.at = p, at
	return nil
}

// Save writes a keyset's file as a whole, readable by its owner alone. With
// fresh it must not be there yet.
func Save(name string, k *Keyset, fresh bool) (err error) {
	text, err := k.Text()
	if err != nil {
		return err
	}
	if fresh {
		if _, err := os.Stat(name); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("keyset %s: %w", name, fs.ErrExist)
		}
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return fmt.Errorf("keyset: %w", err)
	}
	tmp, err := os.CreateTemp(filepath.Dir(name), ".keyset-*") // 0600
	if err != nil {
		return fmt.Errorf("keyset: %w", err)
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // gone already when all went well
	_, err = tmp.Write(text)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return fmt.Errorf("keyset: %w", err)
	}
	if fresh { // a link refuses what another process has just made
		err = os.Link(tmp.Name(), name)
	} else {
		err = os.Rename(tmp.Name(), name)
	}
	if err != nil {
		return fmt.Errorf("keyset: %w", err)
	}
	return nil
}
