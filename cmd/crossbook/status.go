package main

type statusCmd struct{}

// Run says that the command is not there yet.
func (c *statusCmd) Run() error {
	return couldNot("", "crossbook status is not part of this build yet")
}
