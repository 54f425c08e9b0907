package oascheck

import (
	"fmt"
	"path"
	"strings"
)

// Deviation is one way in which the sandbox differs from the vendor's documents
// on purpose. Operation and At may hold the wildcard "*" for a part.
type Deviation struct {
	Operation string
	Status    int // 0: any
	At        string
	What      string
	Why       string
}

// Deviations is the list, for tests and for the page made of it.
func Deviations() []Deviation { return deviations }

func (d Deviation) covers(f Finding) bool {
	return (d.Status == 0 || d.Status == f.Status) && like(d.Operation, f.Operation) && like(d.At, f.At) && like(d.What, f.What)
}

// like compares with "*" for any text; brackets stand for themselves.
func like(pattern, s string) bool {
	plain := strings.NewReplacer("[", "(", "]", ")", "\\", "/", "?", "!", "/", "|")
	ok, err := path.Match(plain.Replace(pattern), plain.Replace(s))
	return ok && err == nil
}

// Unexplained lists what differs and does not stand in the list.
func (c *Check) Unexplained(known []Deviation) (complaints []string) {
	for _, f := range c.Findings() {
		if !explained(f, known) {
			complaints = append(complaints, f.String())
		}
	}
	return complaints
}

func explained(f Finding, known []Deviation) bool {
	for _, d := range known {
		if d.covers(f) {
			return true
		}
	}
	return false
}

// Unused lists deviations that no answer showed.
func (c *Check) Unused(known []Deviation) (complaints []string) {
	found := c.Findings()
	for _, d := range known {
		used := false
		for _, f := range found {
			used = used || d.covers(f)
		}
		if !used {
			complaints = append(complaints, fmt.Sprintf("no longer differs: %s %d %s: %s", d.Operation, d.Status, d.At, d.What))
		}
	}
	return complaints
}
