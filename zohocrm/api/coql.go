package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"crossbook/transport"
)

// MaxCOQL is the most rows of one COQL answer (reference/zoho-crm.md section 5.3).
const MaxCOQL = 2000

// COQLPage is the answer to one COQL query.
type COQLPage struct {
	Records []Record
	More    bool
	At      time.Time
}

// COQLCall prepares a query. COQL reads the database, not the search index, so it
// sees a record as soon as it is written.
func COQLCall(query string) (Call, error) {
	body, err := encode(map[string]string{"select_query": query})
	return Call{Method: http.MethodPost, Path: "/coql", Body: body, Kind: transport.RecordRead}, err
}

// COQL runs a query; no rows are an empty page.
func (c *Client) COQL(ctx context.Context, query string) (COQLPage, error) {
	call, err := COQLCall(query)
	if err != nil {
		return COQLPage{}, err
	}
	var w struct {
		Data []Record `json:"data"`
		Info wireInfo `json:"info"`
	}
	reply, err := c.get(ctx, call, &w)
	return COQLPage{Records: w.Data, More: w.Info.More, At: reply.At}, err
}

// WalkCOQL reads all records of a module that meet the condition (empty: all),
// by id, 2000 at a time. It goes on after the last id seen instead of counting
// rows, so nothing is skipped when others are deleted meanwhile. Subforms are not
// among the columns COQL can read.
func (c *Client) WalkCOQL(ctx context.Context, module string, columns []string, where string, fn func(COQLPage) error) error {
	return c.walkCOQL(ctx, module, columns, where, MaxCOQL, fn)
}

func (c *Client) walkCOQL(ctx context.Context, module string, columns []string, where string, limit int, fn func(COQLPage) error) error {
	last := ""
	for {
		condition := "id is not null" // a condition is mandatory, and 0 is no id
		if last != "" {
			condition = "id > " + last
		}
		if where != "" {
			// More than two conditions must be paired with brackets.
			condition = "((" + where + ") and " + condition + ")"
		}
		page, err := c.COQL(ctx, fmt.Sprintf("select %s from %s where %s order by id asc limit %d",
			strings.Join(columns, ", "), module, condition, limit))
		if err != nil {
			return err
		}
		if err := fn(page); err != nil {
			return err
		}
		if !page.More || len(page.Records) == 0 {
			return nil
		}
		next := page.Records[len(page.Records)-1].ID()
		if !isDigits(next) || next == last {
			return &Error{Kind: transport.FaultBug, Call: "POST /coql", Err: fmt.Errorf("rows of %s without usable ids", module)}
		}
		last = next
	}
}

// COQLText makes a text a literal of a query.
func COQLText(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text) + "'"
}

// COQLTime makes a time a literal of a query.
func COQLTime(t time.Time) string { return "'" + Time(t) + "'" }

// COQLIn is field in ('a','b'); the vendor takes 50 values (section 5.3).
func COQLIn(field string, texts ...string) string {
	quoted := make([]string, len(texts))
	for i, t := range texts {
		quoted[i] = COQLText(t)
	}
	return field + " in (" + strings.Join(quoted, ",") + ")"
}

// MaxCOQLIn is the most values of one "in".
const MaxCOQLIn = 50

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
