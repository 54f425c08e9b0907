package zohobox

// overLicence refuses one more active person than the organisation pays for.
func (b *Box) overLicence(path string) *failure {
	if b.opt.UserLicences == 0 || b.activeUsers() < b.opt.UserLicences {
		return nil
	}
	return &failure{code: "LICENSE_LIMIT_EXCEEDED", message: "License Limit is Exceeded", details: object{"api_name": "users", "json_path": path, "limit": b.opt.UserLicences}}
}

// shiftKeys plan a person's working hours.
var shiftKeys = []string{"current_shift", "next_shift", "shift_effective_from"}

// lacksForUser refuses what a person cannot have here: the organisation's
// hierarchy is that of its roles, so that nobody reports to a person, and it has
// no shifts.
func lacksForUser(o object, path string) *failure {
	if o["Reporting_To"] != nil {
		return &failure{code: "FEATURE_NOT_ENABLED", message: "ReportingTo Feature is not enabled", details: object{"api_name": "Reporting_To", "json_path": path + ".Reporting_To"}}
	}
	for _, key := range shiftKeys {
		if o[key] != nil {
			return &failure{code: "REQUIRED_DATA_NOT_FOUND", message: "the required current shift id value is not found", details: object{"api_name": key, "json_path": path + "." + key}}
		}
	}
	return nil
}
