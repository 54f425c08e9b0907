package qbobox

import "crossbook/sandbox/ui"

// companyForm is the form of an action that concerns the company as a whole.
func (b *Box) companyForm(action string) (f ui.Form, is bool) {
	switch action {
	case "close_books":
		return ui.Form{
			Title: "Close the books", Submit: "Close the books", Lead: "What is dated on this day or before can no longer be changed by programs. Empty opens the books again.",
			Groups: []ui.Inputs{{Inputs: []ui.Input{{Name: "BookCloseDate", Label: "Closing date", Type: "date", Value: str(b.preferences(), "AccountingInfoPrefs.BookCloseDate")}}}},
			Back:   ui.Link{Text: "Preferences", Href: ui.RecordURL("Preferences", "1")},
		}, true
	case "restrict":
		return ui.Form{
			Title: "Change the connected user's role", Submit: "Save the role", Lead: "What the user who connected the app may not do, the app may not do either: it is answered with Permission Denied.",
			Groups: []ui.Inputs{{Inputs: []ui.Input{{Name: "Role", Label: "Role", Type: "choice", Value: b.role, Options: []ui.Option{
				{Value: "", Text: "Administrator"},
				{Value: "customers", Text: "Customers and receivables"},
				{Value: "vendors", Text: "Vendors and payables"},
				{Value: "reports", Text: "Reports only"},
			}}}}},
			Back: ui.Link{Text: "Start", Href: ui.Root},
		}, true
	case "start_over":
		return ui.Form{
			Title: "Start the company over", Submit: "Delete everything", Lead: "All lists, documents and files are deleted for good, and a new company stands in their place. Connected apps stay connected.",
			Back: ui.Link{Text: "Start", Href: ui.Root},
		}, true
	}
	return ui.Form{}, false
}
