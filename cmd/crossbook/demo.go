package main

type demoCmd struct{}

// Run says that the command is not there yet.
func (c *demoCmd) Run() error { return couldNot("", "crossbook demo is not part of this build yet") }
