package zohobox

import (
	"fmt"
	"time"
)

// org is the organisation itself (section 9.4).
type org struct {
	ID          string    `json:"id"`
	ZGID        string    `json:"zgid"`
	Company     string    `json:"company"`
	Multi       bool      `json:"multi_currency"`
	MultiEver   bool      `json:"multi_currency_set"`
	Home        string    `json:"home"`
	Zone        string    `json:"zone"`
	Created     time.Time `json:"created"`
	PrimaryZUID string    `json:"primary_zuid"`
	PrimaryMail string    `json:"primary_email"`
	Territories bool      `json:"territories,omitempty"`
	Privacy     bool      `json:"privacy,omitempty"`
	Details     object    `json:"details,omitempty"` // address and numbers
}

// Organisations are the types of organisation that Options.Organisation takes (section 9.4).
func Organisations() []string { return []string{"production", "sandbox", "developer", "bigin"} }

// detailLengths are what the page of the organisation's details takes.
var detailLengths = map[string]int{
	"alias": 50, "street": 50, "city": 50, "state": 50, "zip": 20, "country": 50, "country_code": 2, "phone": 30, "fax": 30, "mobile": 30, "website": 50,
	"description": 250, "employee_count": 18,
}

// setOrganisation changes the organisation's name, address and numbers; no API
// does it.
func (b *Box) setOrganisation(data object) error {
	next := b.org
	next.Details = object{}
	for k, v := range b.org.Details {
		next.Details[k] = v
	}
	for _, key := range sortedKeys(data) {
		s, isText := data[key].(string)
		most, known := detailLengths[key]
		switch {
		case key == "company_name" && isText && s != "" && len(s) <= 100:
			next.Company = s
		case !known || !isText && data[key] != nil || len([]rune(s)) > most || (key == "phone" || key == "mobile") && s != "" && !phonePattern.MatchString(s):
			return fmt.Errorf("the organisation cannot have %v as its %s", data[key], key)
		case key == "employee_count" && s != "" && !digitsPattern.MatchString(s):
			return fmt.Errorf("employee_count is a number")
		default:
			next.Details[key] = orNil(s)
		}
	}
	b.org = next
	b.save("org", "org", b.org)
	return nil
}

func (b *Box) foundOrg() {
	o := &b.org
	o.ID = b.ids.meta()
	o.ZGID = b.ids.fixed("zgid")[:8]
	o.ZGID = digitsOf(o.ZGID)
	o.Company = "Sandbox Organisation"
	o.Home = b.opt.HomeCurrency
	o.Zone = b.opt.TimeZone
	o.Created = b.now()
	o.Details = object{"country": "United States", "country_code": "US"}
	for _, u := range b.users {
		if u.SuperAdmin {
			o.PrimaryZUID, o.PrimaryMail = u.ZUID, u.Email
		}
	}
	if b.opt.MultiCurrency {
		b.enableCurrencies()
	}
}

// digitsOf turns hex into a number of the same length.
func digitsOf(hex string) string {
	d := []byte(hex)
	for i, c := range d {
		if c >= 'a' {
			d[i] = '1' + (c - 'a')
		}
	}
	if d[0] == '0' {
		d[0] = '6'
	}
	return string(d)
}

func (b *Box) getOrg(c *call) answer {
	o := b.org
	symbol := currencySymbols[o.Home]
	if symbol == "" {
		symbol = o.Home
	}
	var mc any
	if o.MultiEver {
		mc = o.Multi
	}
	out := object{
		"id": o.ID, "zgid": o.ZGID, "company_name": o.Company, "domain_name": "org" + o.ZGID,
		"primary_email": o.PrimaryMail, "primary_zuid": o.PrimaryZUID, "time_zone": o.Zone,
		"currency": currencyNames[o.Home] + " - " + o.Home, "currency_symbol": symbol, "currency_locale": "en_US", "iso_code": o.Home,
		"mc_status": mc, "type": b.opt.Organisation, "created_time": stamp(o.Created, c.zone()),
		"privacy_settings": o.Privacy, "hipaa_compliance_enabled": false, "translation_enabled": false, "gapps_enabled": false,
		"lite_users_enabled": false, "deletable_org_account": true, "photo_id": nil, "zia_portal_id": nil,
		"hierarchy_preferences": object{"type": "Role_Hierarchy", "strictly_reporting": nil},
		"license_details": object{
			"paid": b.opt.Edition != "free", "paid_type": b.opt.Edition, "paid_expiry": nil,
			"users_license_purchased": b.licences(), "portal_users_license_purchased": 0,
			"trial_type": nil, "trial_expiry": nil, "trial_action": nil,
		},
	}
	for key := range detailLengths {
		out[key] = o.Details[key]
	}
	return ok(object{"org": []any{out}})
}
