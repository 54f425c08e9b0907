package main

type serveCmd struct{}

// Run says that the command is not there yet.
func (c *serveCmd) Run() error { return couldNot("", "crossbook serve is not part of this build yet") }
