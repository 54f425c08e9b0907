package crossbook

import "time"

// Connection joins one CRM organisation with one QuickBooks company (R18).
type Connection struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	OrgID   string `json:"org_id"`
	RealmID string `json:"realm_id"`
	// CompanyName is the QuickBooks company's name (R24).
	CompanyName  string `json:"company_name"`
	HomeCurrency string `json:"home_currency"`
	// Country is the QuickBooks company's country, ISO alpha-2 ("US").
	Country string `json:"country"`
	// Zone is the company's time zone, an IANA name.
	Zone      string    `json:"zone"`
	State     string    `json:"state"`
	CreatedAt time.Time `json:"created_at"`
	CreatedBy string    `json:"created_by,omitempty"`
	// Endpoints are the base URLs and client ids of both vendors, without secrets.
	Endpoints Endpoints `json:"endpoints"`
}

// Endpoints say where the two vendors are reached.
type Endpoints struct {
	ZohoAccountsURL string `json:"zoho_accounts_url"`
	ZohoAPIURL      string `json:"zoho_api_url"`
	ZohoClientID    string `json:"zoho_client_id"`
	QBOAPIURL       string `json:"qbo_api_url"`
	QBOTokenURL     string `json:"qbo_token_url"`
	QBOAuthorizeURL string `json:"qbo_authorize_url"`
	QBOClientID     string `json:"qbo_client_id"`
}

// The states of a connection (spec section 5).
const (
	Connected       = "connected"
	Active          = "active"
	Reauthorise     = "needs-reauthorisation"
	ReauthoriseCRM  = "needs-reauthorisation-crm"
	Braked          = "stopped-by-brake"
	HomeCurrencyOff = "home-currency-mismatch"
)
