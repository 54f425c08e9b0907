package main

type whyCmd struct{}

// Run says that the command is not there yet.
func (c *whyCmd) Run() error { return couldNot("", "crossbook why is not part of this build yet") }
