package main

type pauseCmd struct{}

// Run says that the command is not there yet.
func (c *pauseCmd) Run() error { return couldNot("", "crossbook pause is not part of this build yet") }
