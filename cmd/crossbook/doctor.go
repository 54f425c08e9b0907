package main

type doctorCmd struct{}

// Run says that the command is not there yet.
func (c *doctorCmd) Run() error {
	return couldNot("", "crossbook doctor is not part of this build yet")
}
