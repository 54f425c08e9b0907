package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"crossbook"
	"crossbook/mapping"
	"crossbook/store"
)

// MappingError says why a mapping that people edited is not taken (R63).
type MappingError struct{ Issues []mapping.Issue }

// Error names every issue with what to do about it.
func (e *MappingError) Error() string {
	all := make([]string, len(e.Issues))
	for i, is := range e.Issues {
		all[i] = fmt.Sprintf("%s %s: %s %s", is.Module.Label(), is.Field, is.Text, is.Hint)
	}
	return strings.Join(all, "; ")
}

// CheckMapping compares the modules of a mapping that are about to be saved with
// the fields the CRM has: a required pair that was removed, a target mapped
// twice or a field that does not exist any more gives a *MappingError. A field
// of ours that the edition has no room for is no fault.
func CheckMapping(ctx context.Context, tx *store.Tx, connectionID string, s crossbook.Settings, doc mapping.Document) error {
	var f facts
	if err := f.load(ctx, tx, crossbook.Connection{ID: connectionID}); err != nil {
		return err
	}
	_, issues := mapping.Compile(doc, s, f.metadata)
	issues = slices.DeleteFunc(issues, func(i mapping.Issue) bool {
		_, edited := doc.Modules[i.Module]
		return !edited || i.Absent || !s.Modules[i.Module].On
	})
	if len(issues) == 0 {
		return nil
	}
	return &MappingError{Issues: issues}
}
