package main

type historyCmd struct{}

// Run says that the command is not there yet.
func (c *historyCmd) Run() error {
	return couldNot("", "crossbook history is not part of this build yet")
}
