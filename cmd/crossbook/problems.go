package main

type problemsCmd struct{}

// Run says that the command is not there yet.
func (c *problemsCmd) Run() error {
	return couldNot("", "crossbook problems is not part of this build yet")
}
