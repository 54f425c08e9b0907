package qbobox

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
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

// refusal is the fault that every call meets now, or nil.
func (b *Box) refusal() *fault {
	b.mu.Lock()
	defer b.mu.Unlock()
	if f := refusals[b.suspended]; f != nil {
		return f(b)
	}
	return nil
}
