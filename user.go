package crossbook

// User is a user of the CRM organisation.
type User struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Active bool   `json:"active"`
	// Connected marks the user whose sign-in the connection uses: the owner of
	// every record it creates without naming one.
	Connected bool `json:"connected,omitempty"`
}
