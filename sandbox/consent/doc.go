// Package consent draws the pages on which a person lets an app into a sandbox
// or keeps it out: a question with two buttons, an error without a way back,
// and the one-use tickets that tie the click to the page.
//
// It knows nothing of either vendor's rules: who may be asked, what is granted
// and where the browser goes next is decided by the sandbox that shows the page.
package consent
