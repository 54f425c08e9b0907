package zohobox

import (
	"fmt"
	"slices"
)

// What a lock can restrict, and how much of it (section 10).
var (
	lockActions = []string{"update", "delete", "change_owner", "tags", "convert"}
	lockMails   = []string{"send_mail"}
)

const maxLockButtons = 30

// readRestrictions reads what a lock forbids besides edits. Mails, buttons and
// portals are kept as sent: the organisation has none of them to be locked.
func (b *Box) readRestrictions(cfg *lockConfig, o object, path string) *failure {
	words := func(name string, into *[]string, allowed []string) *failure {
		v, given := o[name]
		if !given {
			return nil
		}
		*into = nil
		for i, a := range list(v) {
			if !slices.Contains(allowed, text(a)) {
				return invalidAt(name, fmt.Sprintf("%s.%s[%d]", path, name, i), object{"supported_values": anyOf(allowed)})
			}
			*into = append(*into, text(a))
		}
		return nil
	}
	if f := words("restricted_actions", &cfg.Actions, lockActions); f != nil {
		return f
	}
	if f := words("restricted_communications", &cfg.Mails, lockMails); f != nil {
		return f
	}
	if v, given := o["lock_for_portal_users"]; given {
		locked, isBool := v.(bool)
		if !isBool {
			return invalidAt("lock_for_portal_users", path+".lock_for_portal_users", nil)
		}
		cfg.NoPortal = !locked
	}
	if v, given := o["feature_type"]; given && v != "record_locking" {
		return invalidAt("feature_type", path+".feature_type", object{"supported_values": []any{"record_locking"}})
	}
	return readButtons(cfg, o, path)
}

func readButtons(cfg *lockConfig, o object, path string) *failure {
	v, given := o["restricted_custom_buttons"]
	if !given {
		return nil
	}
	const name = "restricted_custom_buttons"
	cfg.Buttons = nil
	for i, row := range list(v) {
		id := text(asObject(row)["id"])
		if _, valid := parseID(id); !valid {
			return invalidAt("id", fmt.Sprintf("%s.%s[%d].id", path, name, i), nil)
		}
		cfg.Buttons = append(cfg.Buttons, id)
	}
	if len(cfg.Buttons) > maxLockButtons {
		return &failure{code: "LIMIT_EXCEEDED", message: "too many custom buttons", details: object{"limit": maxLockButtons, "api_name": name, "json_path": path + "." + name}}
	}
	return nil
}
