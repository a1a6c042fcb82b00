package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
)

// outputFlags are -o and --force, of every verb that writes a result.
type outputFlags struct {
	name  string
	force bool
}

func (o *outputFlags) add(c *cobra.Command) {
	c.Flags().StringVarP(&o.name, "output", "o", "", "file to write (- is standard output)")
	c.Flags().BoolVar(&o.force, "force", false, "overwrite the file of -o")
}

// check refuses to begin what could not be written.
func (o *outputFlags) check() error {
	if o.name == "" || o.name == "-" {
		return nil
	}
	folder := filepath.Dir(o.name)
	i, err := os.Stat(o.name)
	switch {
	case err == nil && i.IsDir():
		return badInput(fmt.Errorf("%s is a folder; -o takes the name of a file", o.name))
	case err == nil && !o.force:
		return badInput(fmt.Errorf("%s exists; --force overwrites it", o.name))
	}
	if _, err := os.Stat(folder); err != nil {
		return badInput(fmt.Errorf("%s: no such folder", folder))
	}
	tmp, err := o.beside()
	if err != nil {
		return badInput(err)
	}
	return errors.Join(tmp.Close(), os.Remove(tmp.Name()))
}

// beside makes the file that the result is written to first.
func (o *outputFlags) beside() (*os.File, error) {
	tmp, err := os.CreateTemp(filepath.Dir(o.name), "."+filepath.Base(o.name)+".*")
	var path *fs.PathError
	if errors.As(err, &path) { // the name of the temporary file says nothing to anybody
		err = fmt.Errorf("%s cannot be written: %w", o.name, path.Err)
	}
	return tmp, err
}

// write has f write the result. A file appears complete or not at all: it is written under another
// name beside its place and then renamed; on an error or Ctrl-C nothing is left.
func (o *outputFlags) write(c *cobra.Command, f func(io.Writer) error) error {
	if o.name == "" || o.name == "-" {
		return flushed(c.OutOrStdout(), f)
	}
	tmp, err := o.beside()
	if err != nil {
		return internal(err)
	}
	defer os.Remove(tmp.Name()) // gone already if all went well
	stop := context.AfterFunc(c.Context(), func() {
		os.Remove(tmp.Name())
		os.Exit(exitInterrupted)
	})
	defer stop()
	err = flushed(tmp, f)
	if cerr := tmp.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return internal(err)
	}
	if err := os.Chmod(tmp.Name(), 0o644); err != nil && !errors.Is(err, fs.ErrPermission) {
		return internal(err)
	}
	return internal(os.Rename(tmp.Name(), o.name))
}

func flushed(w io.Writer, f func(io.Writer) error) error {
	b := bufio.NewWriterSize(w, 1<<16)
	if err := f(b); err != nil {
		return err
	}
	return internal(b.Flush())
}
