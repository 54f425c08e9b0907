package qbobox

import (
	"bytes"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// answer is a finished answer in JSON; XML is made of it on the way out.
type answer struct {
	Status int    `json:"status"`
	Body   []byte `json:"body"`
	// keep is false for answers that a repeated request id must not repeat.
	keep bool
	// plain is an answer that is a text and no object.
	plain bool
	// kind is the content type of an answer that is neither.
	kind string
}

// request is one call to the company API, read and authenticated.
type request struct {
	now    time.Time
	method string
	parts  []string
	query  url.Values
	body   []byte
	pdf    bool // a document on paper is asked for
	by     *actor
}

func (b *Box) routes() http.Handler {
	mux := http.NewServeMux()
	b.oauthRoutes(mux)
	b.sandboxRoutes(mux)
	mux.HandleFunc("GET /_files/{key}/{id}", b.filePage)
	mux.HandleFunc("/v3/company/{realm}/{rest...}", b.serveAPI)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		b.countCall(r, kindOther)
		http.NotFound(w, r)
	})
	return mux
}

// serveAPI is the way of every company call: token, limits, work, answer.
func (b *Box) serveAPI(w http.ResponseWriter, r *http.Request) {
	raw, tooLong, err := readBody(r)
	if err != nil {
		return
	}
	rq := &request{
		now: b.now(), method: r.Method, query: r.URL.Query(), body: raw,
		parts: strings.Split(strings.ToLower(strings.Trim(r.PathValue("rest"), "/")), "/"),
	}
	if flt := b.authenticate(r, r.PathValue("realm")); flt != nil {
		b.countCall(r, kindOther)
		b.writeFault(w, r, flt)
		return
	}
	if tooLong {
		b.countCall(r, kindOther)
		b.writeFault(w, r, business("The request is too large"))
		return
	}
	if r.Method == http.MethodPost && rq.parts[0] != "query" && rq.parts[0] != "upload" && isXML(r.Header.Get("Content-Type"), raw) {
		rq.body = b.fromXML(rq)
	}
	rq.pdf = strings.Contains(r.Header.Get("Accept"), "application/pdf")
	if flt := b.refusal(rq); flt != nil {
		b.countCall(r, kindOther)
		b.writeFault(w, r, flt)
		return
	}
	if flt := b.throttle(rq); flt != nil {
		b.countCall(r, kindOther)
		b.writeFault(w, r, flt)
		return
	}
	b.mu.Lock()
	rq.now = b.begin()
	a := b.work(rq)
	err = b.flush()
	b.mu.Unlock()
	b.calls.count(r, b.kindOf(rq), routeOf(rq), rq)
	if err != nil {
		b.log.Error("the sandbox could not save its state", "error", err)
		b.writeFault(w, r, systemFailure(http.StatusInternalServerError, "java.sql.SQLException"))
		return
	}
	b.write(w, r, a)
	b.outbox.wake(b)
}

// work does one call under the lock.
func (b *Box) work(rq *request) answer {
	rq.by = &actor{name: "api", requestID: rq.query.Get("requestid"), allowDuplicates: rq.query.Get("include") == "allowduplicatedocnum"}
	if len(rq.by.requestID) > 50 {
		return rq.fault(badRequestID())
	}
	switch {
	case rq.is(http.MethodGet, "query"), rq.is(http.MethodPost, "query"):
		return b.answerQuery(rq)
	case rq.is(http.MethodGet, "cdc"):
		return b.answerChanges(rq)
	case rq.is(http.MethodPost, "batch"):
		return b.answerBatch(rq) // replays item by item
	case rq.method == http.MethodGet:
		return b.answerRead(rq)
	case rq.method == http.MethodPost:
		return b.replayed(rq, rq.by.requestID, func() answer { return b.answerWrite(rq) })
	default:
		return rq.fault(unsupportedOperation(strings.ToLower(rq.method)))
	}
}

func (rq *request) is(method, first string) bool {
	return rq.method == method && len(rq.parts) == 1 && rq.parts[0] == first
}

func (rq *request) fault(f *fault) answer {
	return answer{Status: f.Status, Body: encode(f.body(rq.now)), keep: f.Status < 500}
}

// envelope wraps a body part: {"<name>":…,"time":…}.
func (rq *request) envelope(name string, inner []byte) answer {
	var buf bytes.Buffer
	buf.WriteString(`{"` + name + `":`)
	buf.Write(inner)
	buf.WriteString(`,"time":"` + envelopeTime(rq.now) + `"}`)
	return answer{Status: http.StatusOK, Body: buf.Bytes(), keep: true}
}

// answerRead serves everything with an address of its own.
func (b *Box) answerRead(rq *request) answer {
	switch rq.parts[0] {
	case "companyinfo":
		if len(rq.parts) == 2 && rq.parts[1] != b.opt.RealmID && rq.parts[1] != "1" {
			return rq.fault(notFound())
		}
		return rq.envelope("CompanyInfo", encode(b.company()))
	case "preferences":
		return rq.envelope("Preferences", encode(b.preferences()))
	case "exchangerate":
		return b.answerRate(rq)
	case "reports":
		return b.answerReport(rq)
	case "download":
		return b.answerDownload(rq)
	}
	e := b.entities[rq.parts[0]]
	if e == nil || len(rq.parts) < 2 {
		return rq.fault(unsupportedOperation("read"))
	}
	if len(rq.parts) == 3 && rq.parts[2] == "pdf" {
		return b.answerPDF(rq, e)
	}
	if len(rq.parts) > 2 {
		return rq.fault(unsupportedOperation(rq.parts[2]))
	}
	id := rq.parts[1]
	if _, err := strconv.ParseInt(id, 10, 64); err != nil && e.name != "TaxCode" {
		return rq.fault(badID(id))
	}
	rec := b.find(e.name, strings.ToUpper(id))
	if rec == nil {
		return rq.fault(notFound())
	}
	return rq.envelope(e.name, encode(b.single(rec, rq.query.Get("include"))))
}

// single is what one record looks like outside a list.
func (b *Box) single(rec *record, include string) object {
	o := rec.object()
	if rec.ent.single != nil {
		rec.ent.single(b, o)
	}
	if rec.ent.name == "Invoice" && include == "invoiceLink" && flag(o, "AllowOnlineACHPayment") {
		o["InvoiceLink"] = b.opt.BaseURL + "/pay/scs-v1-" + derive(b.opt.Seed, "link "+rec.id, 60)
	}
	return o
}

// answerWrite serves create, update, delete, void and send.
func (b *Box) answerWrite(rq *request) answer {
	switch rq.parts[0] {
	case "taxservice":
		return b.answerTaxService(rq)
	case "upload":
		return b.answerUpload(rq)
	case "exchangerate":
		return b.answerSetRate(rq)
	}
	e := b.entities[rq.parts[0]]
	if e == nil {
		return rq.fault(unsupportedOperation("create"))
	}
	if len(rq.parts) == 3 && rq.parts[2] == "send" {
		return b.answerSend(rq, e)
	}
	body, err := decode(rq.body)
	if err != nil {
		return rq.fault(badProperty())
	}
	op := strings.ToLower(rq.query.Get("operation"))
	if rq.query.Get("include") == "void" {
		op = "include=void"
	}
	name, o, flt := b.operate(rq.by, e, op, body)
	if flt != nil {
		return rq.fault(flt)
	}
	if e.name == "JournalEntry" && strings.HasSuffix(op, "void") {
		return rq.envelope("BatchItemResponse", []byte("[]")) // reference section 2: and nothing happened
	}
	return rq.envelope(name, encode(o))
}

// operate runs one operation on one entity; batch items come here too.
func (b *Box) operate(by *actor, e *entity, op string, body object) (string, object, *fault) {
	if e.name == "Preferences" || e.name == "CompanyInfo" {
		o, flt := b.updateSingle(by, e, body)
		return e.name, o, flt
	}
	switch op {
	case "", "create", "update":
		if op == "update" && str(body, "Id") == "" {
			return "", nil, missing("Id")
		}
		if op == "create" {
			delete(body, "Id")
		}
		rec, flt := b.save(by, e, body)
		if flt != nil {
			return "", nil, flt
		}
		o := b.single(rec, "")
		if e.name == "Account" && str(o, "SyncToken") == "0" && str(body, "Id") == "" {
			delete(inner(o, "MetaData"), "LastUpdatedTime") // recorded: only in the create answer
		}
		if e.name == "Customer" && str(body, "Id") == "" {
			delete(o, "V4IDPseudonym") // recorded likewise
		}
		return e.name, o, nil
	case "delete", "void", "include=void":
		rec, gone, flt := b.remove(by, e, body, op)
		if flt != nil {
			return "", nil, flt
		}
		if gone != nil {
			return e.name, gone, nil
		}
		return e.name, b.single(b.find(e.name, rec.id), ""), nil
	default:
		return "", nil, unsupportedOperation(op)
	}
}

// answerSend mails a document: EmailSent, DeliveryInfo, token and time move (reference section 5.5).
func (b *Box) answerSend(rq *request, e *entity) answer {
	if b.opt.Limits != "off" && !b.calls.mail(b.today(), dailyMails) {
		return rq.fault(throttled())
	}
	rec, flt := b.send(rq.by, e, rq.parts[1], rq.query.Get("sendTo"))
	if flt != nil {
		return rq.fault(flt)
	}
	o := b.single(rec, "")
	delete(o, "FreeFormAddress") // recorded: the answer to a send is poorer than a read
	for _, l := range list(o, "Line") {
		if d, ok := l["SalesItemLineDetail"].(object); ok {
			delete(d, "ItemAccountRef")
		}
	}
	return rq.envelope(e.name, encode(o))
}

func (b *Box) send(by *actor, e *entity, id, to string) (*record, *fault) {
	if e.shape != document || e.fields["EmailStatus"].kind != kEnum {
		return nil, unsupportedOperation("send")
	}
	rec := b.find(e.name, id)
	if rec == nil {
		return nil, notFound()
	}
	o := rec.object()
	mail := "BillEmail"
	if e.name == "PurchaseOrder" {
		mail = "POEmail"
	}
	if to != "" {
		if !validEmail(to) {
			return nil, badEmail(to)
		}
		o[mail] = object{"Address": to}
	}
	if str(o, mail+".Address") == "" {
		return nil, coded("6420", "An email address is required when the document is to be sent by email")
	}
	o["EmailStatus"] = "EmailSent"
	if e.name != "PurchaseOrder" { // X gives it to sales forms alone
		o["DeliveryInfo"] = object{"DeliveryType": "Email", "DeliveryTime": stampText(b.tick)}
	}
	raiseToken(o)
	setUpdated(o, b.tick)
	rec = b.put(e, o)
	b.writers[rec.handle()] = by.name
	b.logWrite(by, "update", rec, object{"Id": id, "EmailStatus": "EmailSent"})
	b.announce(by, rec, "Emailed", "")
	return rec, nil
}
