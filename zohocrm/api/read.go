package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"crossbook/transport"
)

// Limits of lists (reference/zoho-crm.md section 4.1).
const (
	MaxPage   = 200
	MaxFields = 50
)

// List asks for records of a module. It never answers with line items: those come
// only with One.
type List struct {
	// Fields is mandatory, at most MaxFields; id always comes.
	Fields []string
	// IDs asks for given records instead of a page.
	IDs []string
	// Page is 1-based, up to record 2000; PageToken goes on from the page before,
	// up to record 100,000, and excludes Page.
	Page      int
	PerPage   int
	PageToken string
	// SortBy is "id", "Created_Time" or "Modified_Time"; SortOrder "asc" or "desc".
	SortBy    string
	SortOrder string
	// ModifiedSince answers NotModified when nothing is newer.
	ModifiedSince time.Time
}

// Page is one page of records.
type Page struct {
	Records []Record
	// More tells that there are further pages; NextToken leads there.
	More      bool
	NextToken string
	// NotModified tells that nothing is newer than ModifiedSince.
	NotModified bool
	// At is the vendor's time of the answer.
	At time.Time
}

// Call prepares the list.
func (l List) Call(module string) (Call, error) {
	if len(l.Fields) == 0 || len(l.Fields) > MaxFields {
		return Call{}, fmt.Errorf("list %s: 1 to %d fields, not %d", module, MaxFields, len(l.Fields))
	}
	q := url.Values{"fields": {strings.Join(l.Fields, ",")}}
	if len(l.IDs) > 0 {
		q.Set("ids", strings.Join(l.IDs, ","))
	}
	if l.PageToken != "" {
		q.Set("page_token", l.PageToken)
	} else if l.Page > 0 {
		q.Set("page", strconv.Itoa(l.Page))
	}
	if l.PerPage > 0 {
		q.Set("per_page", strconv.Itoa(l.PerPage))
	}
	if l.SortBy != "" {
		q.Set("sort_by", l.SortBy)
	}
	if l.SortOrder != "" {
		q.Set("sort_order", l.SortOrder)
	}
	call := Call{Method: http.MethodGet, Path: "/" + module, Query: q, Kind: transport.RecordRead}
	if !l.ModifiedSince.IsZero() {
		call.Header = map[string]string{"If-Modified-Since": Time(l.ModifiedSince)}
	}
	return call, nil
}

// wireInfo is the info object of lists.
type wireInfo struct {
	More      bool  `json:"more_records"`
	NextToken loose `json:"next_page_token"`
}

// List reads one page.
func (c *Client) List(ctx context.Context, module string, l List) (Page, error) {
	call, err := l.Call(module)
	if err != nil {
		return Page{}, &Error{Kind: transport.FaultBug, Call: "GET /" + module, Err: err}
	}
	var w struct {
		Data []Record `json:"data"`
		Info wireInfo `json:"info"`
	}
	reply, err := c.get(ctx, call, &w)
	return Page{
		Records: w.Data, More: w.Info.More, NextToken: string(w.Info.NextToken), NotModified: reply.NotModified(), At: reply.At,
	}, err
}

// ListAll reads page after page. The first page's At is the safe cursor of the
// whole walk. A record deleted between two pages can shift another one out of
// sight: where that matters use WalkCOQL, whose pages do not shift.
func (c *Client) ListAll(ctx context.Context, module string, l List, fn func(Page) error) error {
	l.Page = 1
	for {
		page, err := c.List(ctx, module, l)
		if err != nil {
			return err
		}
		if err := fn(page); err != nil {
			return err
		}
		if !page.More {
			return nil
		}
		if page.NextToken != "" {
			l.PageToken = page.NextToken
		} else {
			l.Page++
		}
	}
}

// One reads one record with its line items; an unknown or deleted one is
// FaultNotFound.
func (c *Client) One(ctx context.Context, module, id string) (Record, Reply, error) {
	call := Call{Method: http.MethodGet, Path: "/" + module + "/" + url.PathEscape(id), Kind: transport.RecordRead}
	var w struct {
		Data []Record `json:"data"`
	}
	reply, err := c.get(ctx, call, &w)
	if err != nil {
		return nil, reply, err
	}
	if len(w.Data) == 0 {
		return nil, reply, &Error{Kind: transport.FaultNotFound, Status: reply.Status, Call: call.String(), Err: errors.New("no such record")}
	}
	return w.Data[0], reply, nil
}

// Deletion is positive evidence that a record was deleted.
type Deletion struct {
	ID   string
	Name string
	Time time.Time
	By   Ref
	// Permanent tells that it cannot come back from the recycle bin.
	Permanent bool
}

// DeletedPage is one page of deletions.
type DeletedPage struct {
	Deletions   []Deletion
	More        bool
	NotModified bool
	At          time.Time
}

// Deleted reads one page of what was deleted since a time, in the recycle bin or
// for good. The list reaches 60 days back in the bin, 120 days beyond it
// (reference/zoho-crm.md section 13).
func (c *Client) Deleted(ctx context.Context, module string, since time.Time, page int) (DeletedPage, error) {
	call := Call{
		Method: http.MethodGet, Path: "/" + module + "/deleted", Kind: transport.RecordRead,
		Query: url.Values{"type": {"all"}, "per_page": {strconv.Itoa(MaxPage)}, "page": {strconv.Itoa(max(1, page))}},
	}
	if !since.IsZero() {
		call.Header = map[string]string{"If-Modified-Since": Time(since)}
	}
	var w struct {
		Data []struct {
			ID   loose    `json:"id"`
			Name loose    `json:"display_name"`
			Time loose    `json:"deleted_time"`
			By   *wireRef `json:"deleted_by"`
			Type loose    `json:"type"`
		} `json:"data"`
		Info wireInfo `json:"info"`
	}
	reply, err := c.get(ctx, call, &w)
	out := DeletedPage{More: w.Info.More, NotModified: reply.NotModified(), At: reply.At}
	for _, d := range w.Data {
		out.Deletions = append(out.Deletions, Deletion{
			ID: string(d.ID), Name: string(d.Name), Time: parseTime(string(d.Time)), By: d.By.ref(), Permanent: d.Type == "permanent",
		})
	}
	return out, err
}

// DeletedAll reads all pages of deletions.
func (c *Client) DeletedAll(ctx context.Context, module string, since time.Time, fn func(DeletedPage) error) error {
	for n := 1; ; n++ {
		page, err := c.Deleted(ctx, module, since, n)
		if err != nil {
			return err
		}
		if err := fn(page); err != nil || !page.More {
			return err
		}
	}
}

// Lock is why a record cannot be written.
type Lock struct {
	ID     string
	By     Ref
	Reason string
	// Source is "Manual", "Automatic" or "Both"; an automatic lock cannot be
	// lifted by hand.
	Source string
	Time   time.Time
}

// LockInfo reads a record's lock; ok is false when it is not locked.
func (c *Client) LockInfo(ctx context.Context, module, id string) (lock Lock, ok bool, err error) {
	call := Call{
		Method: http.MethodGet, Path: "/" + module + "/" + url.PathEscape(id) + "/Locking_Information__s", Kind: transport.RecordRead,
		Query: url.Values{"fields": {"Locked_By__s,Locked_Reason__s,Lock_Source__s,Locked_Time__s"}},
	}
	var w struct {
		Data []Record `json:"data"`
	}
	_, err = c.get(ctx, call, &w)
	var e *Error
	if errors.As(err, &e) && e.Code == "NOT_ALLOWED" {
		return Lock{}, false, nil // the module has no locking at all (section 10)
	}
	if err != nil || len(w.Data) == 0 {
		return Lock{}, false, err
	}
	r := w.Data[0]
	return Lock{
		ID: r.ID(), By: r.Ref("Locked_By__s"), Reason: r.Text("Locked_Reason__s"),
		Source: r.Text("Lock_Source__s"), Time: r.Time("Locked_Time__s"),
	}, true, nil
}
