package main

type backupCmd struct{}

// Run says that the command is not there yet.
func (c *backupCmd) Run() error {
	return couldNot("", "crossbook backup is not part of this build yet")
}
