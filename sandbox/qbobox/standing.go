package qbobox

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// refusals are what every call meets while a company does not stand well, by
// the word that a person's suspension names (reference section 12.2). Those of
// the platform come as XML, whatever a client accepts.
var refusals = map[string]func(*Box) *fault{
	"token": func(*Box) *fault {
		return platform(http.StatusUnauthorized, "100", "General Authentication Error", "AuthenticationErrorGeneral: SRV-110-Authentication Failure , statusCode: 401")
	},
	"access": func(*Box) *fault {
		return platform(http.StatusForbidden, "120", "Authorization Failure", "AuthorizationFailure: (-11014) , statusCode: 403")
	},
	"environment": func(*Box) *fault {
		return platform(http.StatusUnauthorized, "130", "Accessing Wrong Cluster",
			"WrongClusterError: -11017-You have accessed the wrong server.  You will now be redirected. , statusCode: 401")
	},
	"subscription": func(b *Box) *fault {
		f := coded("6190", "Subscription period has ended or canceled or there was a billing problem")
		if !b.opt.Dials.SubscriptionEndIs400 {
			f.Status = http.StatusForbidden
		}
		return f
	},
}

func platform(status int, code, message, detail string) *fault {
	kind := "AuthenticationFault"
	if code == "120" {
		kind = "AuthorizationFault"
	}
	return &fault{Status: status, Type: kind, xml: true, Errors: []faultError{{Message: message, Detail: detail, Code: code}}}
}

// suspend makes every call fail until resume.
func (b *Box) suspend(why string) (Result, error) {
	if why != "" && refusals[why] == nil {
		return Result{}, fmt.Errorf("unknown reason %q: use one of %v", why, slices.Sorted(maps.Keys(refusals)))
	}
	b.suspended = why
	b.dirtyMeta = true
	return Result{}, nil
}

// disconnect ends the tokens of the app (reference section 1.4). Another
// administrator may connect it anew, unless the company itself is gone.
func (b *Box) disconnect(why string) (Result, error) {
	switch why {
	case "", "administrator", "user":
	case "company":
		b.suspended = "subscription"
	default:
		return Result{}, fmt.Errorf("unknown reason %q: use administrator, user or company", why)
	}
	b.tokens.revoke()
	b.dirtyMeta = true
	return Result{}, nil
}

// refusal is the fault that a call meets because of how the company or the
// user who connected it stands, or nil.
func (b *Box) refusal(rq *request) *fault {
	b.mu.Lock()
	defer b.mu.Unlock()
	if f := refusals[b.suspended]; f != nil {
		return f(b)
	}
	return b.denied(rq)
}

// roles are what a user may be reduced to after connecting an app: the vendor's
// standard ones. Lists that both sides of the books need can be read by all.
var roles = map[string][]string{
	"customers": {"Customer", "Invoice", "Estimate", "CreditMemo", "SalesReceipt", "RefundReceipt", "Payment", "Deposit"},
	"vendors":   {"Vendor", "Bill", "BillPayment", "VendorCredit", "Purchase", "PurchaseOrder"},
	"reports":   {"reports"},
}

var forAll = []string{"CompanyInfo", "Preferences", "Item", "Account", "Term", "PaymentMethod", "Class", "Department", "TaxCode", "TaxRate", "TaxAgency", "CompanyCurrency"}

// restrict changes the role of the user who connected the app; "" is the
// administrator again.
func (b *Box) restrict(role string) (Result, error) {
	if role != "" && roles[role] == nil {
		return Result{}, fmt.Errorf("unknown role %q: use one of %v", role, slices.Sorted(maps.Keys(roles)))
	}
	b.role = role
	b.dirtyMeta = true
	return Result{}, nil
}

// denied holds a call against the role of the user who connected the app
// (reference section 12.2, code 5020). The items of a batch stand alone.
func (b *Box) denied(rq *request) *fault {
	switch rq.parts[0] {
	case "batch":
		return nil
	case "query":
		q := rq.query.Get("query")
		if q == "" {
			q = string(rq.body)
		}
		return b.mayNot(b.askedOf(object{"Query": q}), true)
	case "cdc":
		return b.mayNot(strings.Split(rq.query.Get("entities"), ","), true)
	default:
		return b.mayNot(rq.parts[:1], rq.method == http.MethodGet)
	}
}

// mayNot is the refusal of work on some entities, or nil.
func (b *Box) mayNot(names []string, read bool) *fault {
	if b.role == "" {
		return nil
	}
	for _, n := range names {
		is := func(other string) bool { return strings.EqualFold(other, strings.TrimSpace(n)) }
		if slices.ContainsFunc(roles[b.role], is) || read && (is("CompanyInfo") || b.role != "reports" && slices.ContainsFunc(forAll, is)) {
			continue
		}
		f := coded("5020", "Permission Denied")
		if !b.opt.Dials.PermissionDeniedIs400 {
			f.Status = http.StatusForbidden
		}
		return f
	}
	return nil
}

// askedOf are the entities that an item of a batch is about.
func (b *Box) askedOf(it object) (out []string) {
	if q, is := it["CDCQuery"].(object); is {
		return strings.Split(entityNames(q["Entities"]), ",")
	}
	if q := str(it, "Query"); q != "" {
		if s, flt := parseQuery(q); flt == nil {
			return []string{s.entity}
		}
		return nil
	}
	for k := range it {
		if e := b.entities[strings.ToLower(k)]; e != nil && e.name == k {
			out = append(out, k)
		}
	}
	return out
}
