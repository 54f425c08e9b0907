package qbobox

import "github.com/shopspring/decimal"

var customerTypeFields = fields(map[string]field{"Name": name(100), "Active": boolean, "ParentRef": readOnly, "FullyQualifiedName": readOnly})

// completeCustomerType: people keep the list; whether clients may is not known
// (reference section 5).
func (b *Box) completeCustomerType(w *write) *fault {
	if w.by.isAPI() && !b.opt.Dials.CustomerTypesWritable {
		if w.creating() {
			return unsupportedOperation("create")
		}
		return unsupportedOperation("update")
	}
	if flt := b.completeFlat(w); flt != nil {
		return flt
	}
	w.next["FullyQualifiedName"] = w.next["Name"]
	return nil
}

// timeActivityFields are those of X.
var timeActivityFields = fields(map[string]field{
	"TxnDate": date, "NameOf": oneOf("Employee", "Vendor", "Other"), "EmployeeRef": refTo("Employee"), "VendorRef": refTo("Vendor"), "OtherNameRef": readOnly,
	"CustomerRef": refTo("Customer"), "DepartmentRef": refTo("Department"), "ItemRef": refTo("Item"), "ClassRef": refTo("Class"), "PayrollItemRef": freeRef,
	"ProjectRef": refTo("Customer"), "BillableStatus": oneOf("Billable", "NotBillable", "HasBeenBilled"), "Taxable": boolean, "HourlyRate": factor,
	"CostRate": factor, "Hours": whole, "Minutes": whole, "Seconds": whole, "BreakHours": whole, "BreakMinutes": whole, "BreakSeconds": whole,
	"StartTime": text(35), "EndTime": text(35), "Description": text(4000), "HoursInEmployeeTimeZone": boolean, "TimeZone": readOnly,
	"TimeChargeId": readOnly, "TimeActivityEx": readOnly,
})

// completeTime derives and checks a record of work (reference section 5; the
// codes are those of section 12.2's list of names).
func (b *Box) completeTime(w *write) *fault {
	w.preset("TxnDate", b.today())
	w.preset("BillableStatus", "NotBillable")
	if w.by.trusted {
		return nil
	}
	if flt := whoWorked(w); flt != nil {
		return flt
	}
	if id := str(b.preferences(), "TimeTrackingPrefs.DefaultTimeItem.value"); id != "" && !has(w.next, "ItemRef") {
		if r := b.find("Item", id); r != nil {
			w.next["ItemRef"] = ref(id, r.title)
		}
	}
	if flt := howLong(w); flt != nil {
		return flt
	}
	return b.mayBill(w)
}

// whoWorked: an employee or a vendor, and the one that NameOf says.
func whoWorked(w *write) *fault {
	employee, vendor := str(w.next, "EmployeeRef.value"), str(w.next, "VendorRef.value")
	switch kind := str(w.next, "NameOf"); {
	case kind == "":
		return missing("NameOf")
	case employee != "" && vendor != "":
		return coded("6290", "Either an employee or a vendor must be given, not both")
	case kind == "Employee" && employee == "", kind == "Vendor" && vendor == "", kind == "Other":
		return coded("6300", "The name of the employee or the vendor is missing or invalid")
	}
	return nil
}

// howLong wants hours and minutes, or a beginning and an end.
func howLong(w *write) *fault {
	o := w.next
	told := hasNum(o, "Hours") || hasNum(o, "Minutes")
	from, to := str(o, "StartTime"), str(o, "EndTime")
	switch {
	case told && from+to != "":
		return coded("6390", "Either hours and minutes or the start and the end must be given, not both")
	case told:
		for _, k := range []string{"Minutes", "Seconds"} {
			if n := num(o, k); n.IsNegative() || n.GreaterThan(decimal.NewFromInt(59)) {
				return coded("6380", "The duration is not within the valid range: "+k+" "+n.String())
			}
		}
		if n := num(o, "Hours"); n.IsNegative() || n.GreaterThan(decimal.NewFromInt(8760)) {
			return coded("6380", "The duration is not within the valid range: Hours "+n.String())
		}
		return nil
	case from+to == "":
		return coded("6350", "The time worked is missing")
	}
	start, ok1 := parseTime(from)
	end, ok2 := parseTime(to)
	rest := num(o, "BreakHours").IntPart()*60 + num(o, "BreakMinutes").IntPart()
	switch {
	case !ok1 || !ok2:
		return coded("6360", "A valid start and end are needed")
	case start.After(end):
		return coded("6370", "The start is after the end")
	case rest < 0 || rest > int64(end.Sub(start).Minutes()):
		return coded("6360", "The break is longer than the time worked")
	}
	return nil
}

// mayBill: billable work has a customer and a rate; what an invoice billed is
// the invoice's to say.
func (b *Box) mayBill(w *write) *fault {
	status, before := str(w.next, "BillableStatus"), str(w.before, "BillableStatus")
	if status == "HasBeenBilled" && before != status && w.by.isAPI() {
		return coded("6320", "Invalid billable status: HasBeenBilled")
	}
	if before == "HasBeenBilled" && status != before && w.by.isAPI() {
		return coded("6320", "Invalid billable status: an invoice has billed it")
	}
	if status != "Billable" {
		return nil
	}
	if str(w.next, "CustomerRef.value") == "" {
		return coded("6310", "A customer is required for billable time")
	}
	if !hasNum(w.next, "HourlyRate") {
		if r := b.find("Item", str(w.next, "ItemRef.value")); r != nil && num(r.object(), "UnitPrice").IsPositive() {
			w.next["HourlyRate"] = number(num(r.object(), "UnitPrice"))
			return nil
		}
		return coded("6330", "Invalid hourly rate: it is missing")
	}
	return nil
}

// checkTimeLink lets an invoice bill work of its customer once.
func (b *Box) checkTimeLink(w *write, id string) *fault {
	rec := b.find("TimeActivity", id)
	if rec == nil {
		return notFound()
	}
	if w.by.trusted {
		return nil
	}
	o := rec.object()
	mine := b.effects(w.ent, w.before).charged[rec.handle()]
	if !mine && str(o, "BillableStatus") != "Billable" || !b.sameFamily(str(o, "CustomerRef.value"), str(w.next, "CustomerRef.value")) {
		return coded("620", "Transaction "+id+" cannot be linked")
	}
	return nil
}
