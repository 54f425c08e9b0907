package zohobox

import (
	"net/http"
	"sort"
	"strings"
	"time"
)

// States of a bulk job (section 12). Writes spell two of them in their own way.
const (
	jobAdded   = "ADDED"
	jobQueued  = "QUEUED" // of reads
	jobRunning = "IN PROGRESS"
	jobDone    = "COMPLETED"
	jobFailed  = "FAILURE"
)

const (
	bulkKeep      = 24 * time.Hour // how long a result can be fetched
	bulkDownloads = 10             // results fetched a minute
)

// job is something the organisation works off by itself. It runs when it is due,
// before the next thing that happens, and sees the records of that moment.
type job struct {
	ID       string    `json:"id"`
	Kind     string    `json:"kind"` // read, write or mass_update
	User     string    `json:"user"`
	Module   string    `json:"module"`
	Created  time.Time `json:"created"`
	Due      time.Time `json:"due"`
	Ended    time.Time `json:"ended"` // zero: not yet
	Failed   bool      `json:"failed"`
	Request  object    `json:"request"`
	Callback string    `json:"callback"`

	FileType string `json:"file_type"` // of a bulk read

	Count  int    `json:"count"`
	More   bool   `json:"more"`
	Page   int    `json:"page"`
	After  int64  `json:"after"` // a bulk read goes on behind this record
	Last   int64  `json:"last"`
	Result []byte `json:"result"`

	Parts []*jobPart `json:"parts"` // of a bulk write
}

// jobService holds the jobs and the files that were uploaded for them.
type jobService struct {
	byID    map[string]*job
	pending []*job
	uploads map[string]*upload
	fetched []time.Time // downloads of the last minute
}

func (s *jobService) init() {
	s.byID, s.uploads = map[string]*job{}, map[string]*upload{}
}

// adopt takes a job back from the database.
func (s *jobService) adopt(id string, j *job) {
	s.byID[id] = j
	if j.Ended.IsZero() {
		s.pending = append(s.pending, j)
		sort.Slice(s.pending, func(i, k int) bool { return s.pending[i].ID < s.pending[k].ID })
	}
}

func (b *Box) addJob(j *job) *job {
	now := b.now()
	j.ID, j.Created, j.Due = formatID(b.ids.record()), now, now
	if d := b.opt.Dials.BulkTime; d > 0 {
		j.Due = now.Add(d)
	}
	b.jobs.byID[j.ID] = j
	b.jobs.pending = append(b.jobs.pending, j)
	b.save("job", j.ID, j)
	if j.Callback != "" {
		b.watch.start(b)
		b.watch.wake()
	}
	return j
}

// runJobs works off what is due and forgets results that are a day old. Every
// call begins with it, so it costs nothing while there are no jobs.
func (b *Box) runJobs() {
	s := &b.jobs
	if len(s.byID) == 0 {
		return
	}
	now := b.opt.Now()
	var later []*job
	for _, j := range s.pending {
		if j.Due.After(now) {
			later = append(later, j)
			continue
		}
		b.runJob(j)
	}
	s.pending = later
	for id, j := range s.byID {
		if len(j.Result) > 0 && now.Sub(j.Ended) >= bulkKeep {
			j.Result = nil
			b.save("job", id, j)
		}
	}
}

func (b *Box) runJob(j *job) {
	c := &call{b: b, user: b.userByID(j.User), mod: b.module[j.Module], body: object{}, base: b.watch.base, batch: batch{trigger: []any{}, source: "import"}}
	if c.user == nil {
		c.user = b.superAdmin()
	}
	switch j.Kind {
	case "read":
		b.runBulkRead(c, j)
	case "write":
		b.runBulkWrite(c, j)
	case "mass_update":
		b.runMassUpdate(c, j)
	}
	j.Ended = j.Due
	b.watch.close(b)
	b.save("job", j.ID, j)
	if j.Callback == "" {
		return
	}
	body := b.renderRead
	if j.Kind == "write" {
		body = b.renderWrite
	}
	b.watch.queue = append(b.watch.queue, &delivery{url: j.Callback, body: appendJSON(nil, body(c, j)), due: j.Due})
}

func (j *job) state(now time.Time) string {
	switch {
	case j.Failed:
		return jobFailed
	case !j.Ended.IsZero():
		return jobDone
	case now.Sub(j.Created)*3 >= j.Due.Sub(j.Created):
		return jobRunning
	case j.Kind == "read" && now.Sub(j.Created)*6 >= j.Due.Sub(j.Created):
		return jobQueued
	}
	return jobAdded
}

// findBulk finds the routes below /crm/bulk/vN.
func (b *Box) findBulk(c *call) (route, answer) {
	read, create := []string{"ZohoCRM.bulk.READ"}, []string{"ZohoCRM.bulk.CREATE"}
	start := func(n int) func(*call) int { return func(*call) int { return n } }
	pattern := "/bulk/" + c.path[0]
	if len(c.path) > 1 {
		pattern += "/{id}"
	}
	switch {
	case c.path[0] == "read" && len(c.path) == 1:
		return method(c, pattern, route{run: b.postBulkRead, kind: kindOther, scopes: read, body: true, credits: start(50)}, http.MethodPost)
	case c.path[0] == "read" && len(c.path) == 2:
		return method(c, pattern, route{run: b.getBulkRead, kind: kindOther, scopes: read}, http.MethodGet)
	case len(c.path) == 3 && c.path[2] == "result":
		return method(c, pattern+"/result", route{run: b.getBulkResult, kind: kindOther, scopes: read}, http.MethodGet)
	case c.path[0] == "write" && len(c.path) == 1:
		return method(c, pattern, route{run: b.postBulkWrite, kind: kindOther, scopes: create, body: true, credits: start(500)}, http.MethodPost)
	case c.path[0] == "write" && len(c.path) == 2:
		return method(c, pattern, route{run: b.getBulkWrite, kind: kindOther, scopes: []string{"ZohoCRM.bulk.READ"}}, http.MethodGet)
	}
	return none(c)
}

// jobAt finds the job of the path; other users' jobs are not seen.
func (b *Box) jobAt(c *call, kind string) *job {
	j := b.jobs.byID[c.path[1]]
	if j == nil || j.Kind != kind || j.User != c.user.ID {
		return nil
	}
	return j
}

func noJob(id string) answer {
	return refuse(404, "RESOURCE_NOT_FOUND", "The requested resource doesn't exist.", object{"resource": id})
}

// getBulkResult downloads the file of a job that is done.
func (b *Box) getBulkResult(c *call) answer {
	j := b.jobAt(c, c.path[0])
	if j == nil || len(j.Result) == 0 {
		return noJob(c.path[1])
	}
	now := b.opt.Now()
	s := &b.jobs
	for len(s.fetched) > 0 && now.Sub(s.fetched[0]) >= b.window(time.Minute) {
		s.fetched = s.fetched[1:]
	}
	if len(s.fetched) >= bulkDownloads && b.opt.Limits != "off" {
		return tooMany().answer()
	}
	s.fetched = append(s.fetched, now)
	return answer{status: http.StatusOK, file: &file{name: j.ID + ".zip", kind: "application/zip", data: j.Result}}
}

// readCallback checks where the end of a job is told.
func readCallback(o object) (string, *failure) {
	v, given := o["callback"].(object)
	if !given {
		return "", nil
	}
	bad := &failure{status: 400, code: "INVALID_CALLBACK_URL", message: "the callback URL given seems to be invalid", details: object{}}
	if m := strings.ToLower(text(v["method"])); m != "" && m != "post" {
		return "", bad
	}
	u := text(v["url"])
	if f := checkNotifyURL(u, "$.callback"); f != nil {
		return "", bad
	}
	return u, nil
}
