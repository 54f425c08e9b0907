package zohobox

import (
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
	return ok(object{"org": []any{object{
		"id": o.ID, "zgid": o.ZGID, "company_name": o.Company, "alias": nil, "domain_name": "org" + o.ZGID,
		"country": "United States", "country_code": "US", "state": nil, "city": nil, "street": nil, "zip": nil,
		"phone": nil, "fax": nil, "mobile": nil, "website": nil, "description": nil, "employee_count": nil,
		"primary_email": o.PrimaryMail, "primary_zuid": o.PrimaryZUID, "time_zone": o.Zone,
		"currency": currencyNames[o.Home] + " - " + o.Home, "currency_symbol": symbol, "currency_locale": "en_US", "iso_code": o.Home,
		"mc_status": mc, "type": "production", "created_time": stamp(o.Created, c.zone()),
		"privacy_settings": false, "hipaa_compliance_enabled": false, "translation_enabled": false, "gapps_enabled": false,
		"lite_users_enabled": false, "deletable_org_account": true, "photo_id": nil, "zia_portal_id": nil,
		"hierarchy_preferences": object{"type": "Role_Hierarchy", "strictly_reporting": nil},
		"license_details": object{
			"paid": b.opt.Edition != "free", "paid_type": b.opt.Edition, "paid_expiry": nil,
			"users_license_purchased": len(b.users), "portal_users_license_purchased": 0,
			"trial_type": nil, "trial_expiry": nil, "trial_action": nil,
		},
	}}})
}
