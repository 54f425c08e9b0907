package main

type resumeCmd struct{}

// Run says that the command is not there yet.
func (c *resumeCmd) Run() error {
	return couldNot("", "crossbook resume is not part of this build yet")
}
