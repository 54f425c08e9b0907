package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"crossbook/transport"
)

// MaxPage is the most rows a page may hold; more is refused with 4001.
const MaxPage = 1000

// longStatement is where a statement moves from the URL, good for about 8 KB,
// into a body (reference/quickbooks-online.md section 6).
const longStatement = 3000

// Query is one statement of the vendor's dialect. It knows no OR and no NOT.
type Query struct {
	Entity string
	// Where holds conditions, joined by AND; see Eq, In, Window.
	Where []string
	// OrderBy is a property, with DESC or not. Without it the order is not
	// dependable.
	OrderBy string
	// Start is 1-based; 0 leaves it out.
	Start int
	// Max is 1 to 1000; 0 asks for 1000, since the vendor's default is 100.
	Max int
	// Count asks for the number of rows instead of the rows.
	Count bool
}

// String writes the statement.
func (q Query) String() string {
	var b strings.Builder
	what := "*"
	if q.Count {
		what = "COUNT(*)"
	}
	fmt.Fprintf(&b, "SELECT %s FROM %s", what, q.Entity)
	if len(q.Where) > 0 {
		b.WriteString(" WHERE " + strings.Join(q.Where, " AND "))
	}
	if q.Count {
		return b.String()
	}
	if q.OrderBy != "" {
		b.WriteString(" ORDERBY " + q.OrderBy)
	}
	if q.Start > 0 {
		fmt.Fprintf(&b, " STARTPOSITION %d", q.Start)
	}
	size := q.Max
	if size == 0 {
		size = MaxPage
	}
	fmt.Fprintf(&b, " MAXRESULTS %d", size)
	return b.String()
}

// Quote makes a text a literal: quotes and backslashes are escaped by a backslash.
func Quote(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text) + "'"
}

// Eq is property = 'text'. String comparison ignores case at the vendor, so an
// exact match has to be checked again.
func Eq(property, text string) string { return property + " = " + Quote(text) }

// In is property IN ('a','b').
func In(property string, texts ...string) string {
	quoted := make([]string, len(texts))
	for i, t := range texts {
		quoted[i] = Quote(t)
	}
	return property + " IN (" + strings.Join(quoted, ",") + ")"
}

// WithInactive makes a query of a name list include its inactive records, which
// are left out otherwise.
const WithInactive = "Active IN (true, false)"

// Window selects what was last updated at or after from and before to; a zero to
// leaves the window open.
func Window(from, to time.Time) []string {
	const property = "MetaData.LastUpdatedTime"
	out := []string{property + " >= " + Quote(Time(from))}
	if !to.IsZero() {
		out = append(out, property+" < "+Quote(Time(to)))
	}
	return out
}

// Time writes a time as the API reads it: an offset, whole seconds.
func Time(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05+00:00") }

// NameList tells whether the entity is a list whose records are made inactive
// rather than deleted (section 4.5), and so needs WithInactive.
func NameList(entity string) bool {
	switch entity {
	case "Customer", "Vendor", "Employee", "Item", "Account", "Term", "PaymentMethod",
		"Class", "Department", "CompanyCurrency", "TaxCode", "TaxRate":
		return true
	}
	return false
}

// QueryCall prepares a statement. Kind is RecordRead, or Metadata for settings
// such as terms and accounts.
func QueryCall(statement string, kind transport.Kind) Call {
	if len(statement) <= longStatement {
		return Call{Method: http.MethodGet, Path: "/query", Query: url.Values{"query": {statement}}, Kind: kind}
	}
	return Call{
		Method: http.MethodPost, Path: "/query", Body: []byte(statement), Kind: kind,
		Header: map[string]string{"Content-Type": "application/text"},
	}
}

// Page is the answer to one statement.
type Page struct {
	Entity  string
	Records []Record
	// Start is the 1-based position of the first row.
	Start int
	// Total is COUNT(*)'s answer, -1 when the vendor gave none: it leaves
	// totalCount out for most entities, so nothing may rely on it.
	Total int
	// At is the vendor's time.
	At time.Time
}

// DecodePage reads the answer to a query.
func DecodePage(r Reply) (Page, error) {
	var env struct {
		QueryResponse json.RawMessage `json:"QueryResponse"`
	}
	if err := decode(r.Body, &env); err != nil || env.QueryResponse == nil {
		return Page{}, fmt.Errorf("QuickBooks query answer without QueryResponse: %s", excerpt(r.Body))
	}
	p, err := decodeQueryResponse(env.QueryResponse)
	p.At = r.At
	return p, err
}

func decodeQueryResponse(data []byte) (Page, error) {
	var raw map[string]json.RawMessage
	if err := decode(data, &raw); err != nil {
		return Page{}, fmt.Errorf("QuickBooks query answer: %w", err)
	}
	p := Page{Total: -1}
	for key, value := range raw {
		var err error
		switch key {
		case "startPosition":
			err = decode(value, &p.Start)
		case "totalCount":
			err = decode(value, &p.Total)
		case "maxResults":
			// The number of rows is counted, not believed.
		default:
			p.Entity = key
			err = decode(value, &p.Records)
		}
		if err != nil {
			return Page{}, fmt.Errorf("QuickBooks query answer, %s: %w", key, err)
		}
	}
	return p, nil
}

// Query runs a statement and reads its page. No rows are an empty page.
func (c *Client) Query(ctx context.Context, q Query, kind transport.Kind) (Page, error) {
	reply, err := c.Do(ctx, QueryCall(q.String(), kind))
	if err != nil {
		return Page{}, err
	}
	page, err := DecodePage(reply)
	if err != nil {
		return Page{}, &Error{Kind: transport.FaultRetry, Call: "query " + q.Entity, Status: reply.Status, TraceID: reply.TraceID, Err: err}
	}
	if page.Entity == "" {
		page.Entity = q.Entity
	}
	return page, nil
}

// Count asks for the number of rows.
func (c *Client) Count(ctx context.Context, q Query) (int, error) {
	q.Count = true
	page, err := c.Query(ctx, q, transport.RecordRead)
	if err != nil {
		return 0, err
	}
	if page.Total < 0 {
		return 0, &Error{Kind: transport.FaultRetry, Call: "count " + q.Entity, Err: fmt.Errorf("no totalCount in the answer")}
	}
	return page.Total, nil
}
