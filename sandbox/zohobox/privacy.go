package zohobox

import "time"

// consentLookup is the type of the details of why a person's data are kept.
// They stand on contacts while the organisation's privacy settings are on
// (section 8).
const consentLookup = "consent_lookup"

// consentKeys are what the details may say, with the type of each.
var consentKeys = map[string]string{
	"Contact_Through_Email": "boolean", "Contact_Through_Phone": "boolean", "Contact_Through_Survey": "boolean", "Contact_Through_Social": "boolean",
	"Consent_Date": "date", "Consent_Remarks": "textarea", "Consent_Through": "text", "Data_Processing_Basis": "text", "Lawful_Reason": "textarea",
}

// readConsent reads the details; what is not sent of them is empty.
func (rd reader) readConsent(f *field, v any, path string) (any, *failure) {
	o, isObject := v.(object)
	if !isObject {
		return nil, invalidAt(f.Name, path, object{"expected_data_type": "jsonobject"})
	}
	out := object{}
	for _, key := range sortedKeys(o) {
		kind, known := consentKeys[key]
		if !known {
			continue // unknown keys are ignored, as in records
		}
		one := &field{Name: key, Type: kind, Length: defaultLengths[kind]}
		value, fail := rd.read(one, o[key], path+"."+key)
		if fail != nil {
			return nil, fail
		}
		if value != nil {
			out[key] = value
		}
	}
	out["Created_Time"] = rd.b.now().Format(time.RFC3339)
	out["By"] = rd.c.user.ID
	return out, nil
}

// showConsent is what the details show.
func (b *Box) showConsent(r *record, v any, zone *time.Location) any {
	have, isObject := v.(object)
	if !isObject {
		return nil
	}
	by := b.userByID(text(have["By"])).ref()
	o := object{"id": r.sid(), "Owner": by, "Created_By": by, "Modified_By": by, "Mail_Sent_Time": nil}
	for key, kind := range consentKeys {
		if o[key] = have[key]; kind == "boolean" {
			o[key] = have[key] == true
		}
	}
	if t, known := moment(have["Created_Time"]); known {
		o["Created_Time"], o["Modified_Time"] = stamp(t, zone), stamp(t, zone)
	}
	return o
}
