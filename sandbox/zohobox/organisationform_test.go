package zohobox_test

import (
	"net/http"
	"testing"

	"crossbook/sandbox/zohobox"
)

// zoho-crm.md section 9.6: how a currency is written is kept as sent, and the
// base currency can be changed in that alone.
func TestCurrencies_AreWrittenAsSent(t *testing.T) {
	a := open(t, zohobox.Options{})
	put := func(o obj) reply {
		return a.call(http.MethodPut, "/org/currencies/actions/enable", obj{"base_currency": o})
	}
	put(obj{"id": "1"}).want(403, "code", "CURRENCIES_NOT_ENABLED")
	enable := func(o obj) reply {
		return a.call(http.MethodPost, "/org/currencies/actions/enable", obj{"base_currency": o})
	}
	format := obj{"decimal_separator": "Comma", "thousand_separator": "Space", "decimal_places": "3"}
	enable(obj{"iso_code": "USD", "format": obj{"decimal_separator": "Dot"}}).want(400, "code", "INVALID_DATA", "details.json_path", "$.base_currency.format.decimal_separator")
	id := enable(obj{"iso_code": "USD", "symbol": "US$", "prefix_symbol": false, "format": format}).want(200).str("base_currency.details.id")
	a.get("/org/currencies/"+id).want(200, "currencies.0.symbol", "US$", "currencies.0.prefix_symbol", "false", "currencies.0.format.decimal_separator", "Comma", "currencies.0.format.thousand_separator", "Space", "currencies.0.format.decimal_places", "3", "currencies.0.format.numeral_system", "International")

	put(obj{"symbol": "$"}).want(400, "code", "MANDATORY_NOT_FOUND", "details.api_name", "id")
	put(obj{"id": "1"}).want(400, "code", "INVALID_DATA")
	put(obj{"id": id, "iso_code": "EUR"}).want(400, "code", "NOT_ALLOWED")
	put(obj{"id": id, "exchange_rate": "2"}).want(400, "code", "INVALID_DATA")
	put(obj{"id": id, "prefix_symbol": "yes"}).want(400, "code", "INVALID_DATA", "details.api_name", "prefix_symbol")
	a.as("Eva").call(http.MethodPut, "/org/currencies/actions/enable", obj{"base_currency": obj{"id": id}}).want(403, "code", "NO_PERMISSION")
	put(obj{"id": id, "iso_code": "USD", "exchange_rate": "1", "symbol": "$", "prefix_symbol": true, "format": obj{"decimal_places": "0"}}).want(200, "base_currency.code", "SUCCESS")
	a.get("/org/currencies/"+id).want(200, "currencies.0.symbol", "$", "currencies.0.prefix_symbol", "true", "currencies.0.format.decimal_places", "0", "currencies.0.format.decimal_separator", "Comma", "currencies.0.is_base", "true")

	add := func(o obj) reply { return a.call(http.MethodPost, "/org/currencies", obj{"currencies": []any{o}}) }
	add(obj{"iso_code": "EUR", "exchange_rate": "0.9", "format": "plain"}).want(400, "currencies.0.code", "INVALID_DATA")
	add(obj{"iso_code": "EUR", "exchange_rate": "0.9", "symbol": ""}).want(400, "currencies.0.code", "INVALID_DATA")
	eur := add(obj{"iso_code": "EUR", "exchange_rate": "0.9", "symbol": "EUR", "prefix_symbol": false, "name": "Euro of the house", "format": format}).want(200).str("currencies.0.details.id")
	a.get("/org/currencies/"+eur).want(200, "currencies.0.symbol", "EUR", "currencies.0.prefix_symbol", "false", "currencies.0.name", "Euro of the house", "currencies.0.format.decimal_separator", "Comma")
	change := func(o obj) reply {
		return a.call(http.MethodPut, "/org/currencies/"+eur, obj{"currencies": []any{o}})
	}
	change(obj{"format": obj{"thousand_separator": "Dash"}, "exchange_rate": "5"}).want(400, "currencies.0.code", "INVALID_DATA")
	change(obj{"format": obj{"thousand_separator": "Period"}}).want(200)
	a.get("/org/currencies/"+eur).want(200, "currencies.0.exchange_rate", "0.900000000", "currencies.0.format.thousand_separator", "Period", "currencies.0.symbol", "EUR")
}

// zoho-crm.md section 9.4: organisations are of four types and have an address
// and numbers. Section 1: sandboxes and developers have hosts of their own.
func TestOrganisation_TypesAndAddress(t *testing.T) {
	for kind, host := range map[string]string{"production": "www", "sandbox": "sandbox", "developer": "developer", "bigin": "www"} {
		a := open(t, zohobox.Options{Organisation: kind, BaseURL: "https://www.zohoapis.com"})
		a.at(http.MethodGet, "https://"+host+".zohoapis.com/crm/v8/org", nil).want(200, "org.0.type", kind)
		other := "sandbox"
		if host == other {
			other = "www"
		}
		a.at(http.MethodGet, "https://"+other+".zohoapis.com/crm/v8/org", nil).want(400, "code", "INVALID_HOST")
	}
	if _, err := zohobox.New(zohobox.Options{Organisation: "club"}); err == nil {
		t.Error("an organisation of an unknown type was opened")
	}
	a := open(t, zohobox.Options{})
	a.get("/org").want(200, "org.0.country_code", "US", "org.0.phone", "")
	a.do(zohobox.Action{Action: "set_organisation", Data: obj{"company_name": "Sparrow Lane Bakery", "street": "4 Mill Lane", "city": "Leeds", "zip": "LS1 1AA", "country": "United Kingdom", "country_code": "GB", "phone": "+44 113 555 0100", "website": "www.sparrow.example", "employee_count": "12"}})
	a.get("/org").want(200, "org.0.company_name", "Sparrow Lane Bakery", "org.0.street", "4 Mill Lane", "org.0.city", "Leeds", "org.0.zip", "LS1 1AA", "org.0.country_code", "GB", "org.0.phone", "+44 113 555 0100", "org.0.website", "www.sparrow.example", "org.0.employee_count", "12", "org.0.fax", "")
	for _, wrong := range []obj{{"colour": "red"}, {"phone": "two"}, {"employee_count": "many"}, {"company_name": ""}, {"country_code": "GBR"}} {
		if wrong["phone"] != nil {
			wrong["phone"] = "€"
		}
		if _, err := a.box.Do(t.Context(), zohobox.Action{Action: "set_organisation", Data: wrong}); err == nil {
			t.Errorf("%v was taken", wrong)
		}
	}
}

// zoho-crm.md section 9.5: users are of several types, by which they are listed.
func TestUsers_KindsOfUsers(t *testing.T) {
	a := open(t, zohobox.Options{Users: []zohobox.User{{First: "Super", Last: "Admin", Email: "a@sandbox.example", SuperAdmin: true}, {Last: "Portal", Email: "p@sandbox.example", Type: "Client Portal User"}}})
	a.do(zohobox.Action{Action: "add_user", Data: obj{"last_name": "Builder", "email": "b@sandbox.example", "type": "Sandbox Developer User"}})
	if _, err := a.box.Do(t.Context(), zohobox.Action{Action: "add_user", Data: obj{"last_name": "X", "email": "x@sandbox.example", "type": "Guest"}}); err == nil {
		t.Error("a user of an unknown type was added")
	}
	a.get("/users?type=AllUsers").want(200, "users.0.type__s", "Regular User", "users.1.type__s", "Client Portal User", "users.2.type__s", "Sandbox Developer User", "users.2.sandboxDeveloper", "true")
	if r := a.get("/users?type=ActiveUsers&type__s="+q("Sandbox Developer User")).want(200, "users.0.last_name", "Builder"); r.len("users") != 1 {
		t.Errorf("%d users", r.len("users"))
	}
	a.get("/users?type__s=Guest").want(400, "code", "INVALID_DATA", "details.param_name", "type__s")
	if _, err := zohobox.New(zohobox.Options{Users: []zohobox.User{{Last: "L", Email: "e@sandbox.example", Type: "Guest"}}}); err == nil {
		t.Error("an organisation with a user of an unknown type was opened")
	}
}
