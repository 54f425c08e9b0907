// Command judge looks at both sandboxes from outside and says whether a
// synchronisation lost or doubled anything, whatever was done to the program
// that carried it out. It imports nothing of this project, and knows which
// field stands for which attribute by a table of its own (table.go), so that it
// cannot share a mistake with what it judges.
//
//	judge --zoho URL --quickbooks URL [--edits FILE] [--history FILE] [--settled] [--json]
//
// The URLs are those of `crossbook sandbox`; their /_sandbox/state is the truth.
// FILE of --edits lists what people entered (see edit), FILE of --history is the
// output of `crossbook --json history`, where the losing value of two edits of
// one field must be found. With --settled the program is quiet, and figures that
// only QuickBooks writes must agree; without it the judge looks for doubles,
// strangers and forbidden writes alone, which must be absent at any moment.
//
// The exit code is 0 when nothing was found, 1 when something was, 2 for wrong
// usage and 3 when the sandboxes could not be read.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
)

// finding is something that is not as it must be.
type finding struct {
	// Kind is doubled, lost, differs, forbidden or stranger.
	Kind string `json:"kind"`
	What string `json:"what"`
}

// The kinds of finding.
const (
	doubled   = "doubled"   // one thing is there more than once, or was made more than once
	lost      = "lost"      // what a person entered did not arrive, or a record is missing
	differs   = "differs"   // a figure or a total is not QuickBooks' own
	forbidden = "forbidden" // something was written that must never be written
	stranger  = "stranger"  // a record that the program made stands for nothing
)

// verdict is everything the judge says.
type verdict struct {
	Findings []finding `json:"findings"`
	// Edits were judged; Windows of them fell into the second of a write of the
	// program to the same CRM record, where Zoho CRM's clock cannot tell them apart.
	Edits   int `json:"edits"`
	Windows int `json:"windows"`
	// Conflicts are edits that lost against one of the other side and are kept.
	Conflicts int `json:"conflicts"`
	// Created by the program, on each side.
	CreatedZoho       int `json:"created_zoho"`
	CreatedQuickBooks int `json:"created_quickbooks"`
	Linked            int `json:"linked"`
}

func (v *verdict) find(kind, format string, args ...any) {
	v.Findings = append(v.Findings, finding{kind, fmt.Sprintf(format, args...)})
}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("judge", flag.ContinueOnError)
	flags.SetOutput(stderr)
	zoho := flags.String("zoho", "", "address of the Zoho CRM sandbox")
	books := flags.String("quickbooks", "", "address of the QuickBooks sandbox")
	edits := flags.String("edits", "", "file with what people entered")
	history := flags.String("history", "", "file with the output of crossbook --json history")
	settled := flags.Bool("settled", false, "the program is quiet: everything must have arrived")
	asJSON := flags.Bool("json", false, "print one JSON object")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if *zoho == "" || *books == "" || flags.NArg() > 0 {
		fmt.Fprintln(stderr, "judge: give --zoho and --quickbooks, the addresses of both sandboxes")
		return 2
	}
	c, err := gather(*zoho, *books, *edits, *history)
	if err != nil {
		fmt.Fprintln(stderr, "judge:", err)
		return 3
	}
	v := c.judge(*settled)
	if err := tell(stdout, v, *asJSON); err != nil {
		fmt.Fprintln(stderr, "judge:", err)
		return 3
	}
	if len(v.Findings) > 0 {
		return 1
	}
	return 0
}

// judge puts all questions.
func (c *court) judge(settled bool) *verdict {
	v := &verdict{Findings: []finding{}}
	c.count(v)
	c.doublesInCRM(v)
	c.doublesInBooks(v)
	c.madeAgain(v)
	c.forbiddenWrites(v)
	if settled {
		c.strangers(v)
		c.totals(v)
		c.figures(v)
		c.entered(v)
	}
	return v
}

func tell(w io.Writer, v *verdict, asJSON bool) error {
	if asJSON {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		return enc.Encode(v)
	}
	for _, f := range v.Findings {
		if _, err := fmt.Fprintf(w, "%s: %s\n", f.Kind, f.What); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "%d findings; %d records linked, %d created in Zoho CRM and %d in QuickBooks; %d edits judged, %d kept as losers of a conflict, %d within the vendor's second\n",
		len(v.Findings), v.Linked, v.CreatedZoho, v.CreatedQuickBooks, v.Edits, v.Conflicts, v.Windows)
	return err
}
