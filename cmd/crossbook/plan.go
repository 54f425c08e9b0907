package main

type planCmd struct{}

// Run says that the command is not there yet.
func (c *planCmd) Run() error { return couldNot("", "crossbook plan is not part of this build yet") }
