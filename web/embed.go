// Package web carries the built browser side inside the binary and hands out
// its files ready to send. It knows nothing of any HTTP framework.
package web

import "embed"

// dist is the output of `npm run build`, committed so that Go alone builds the program.
//
//go:embed all:dist
var dist embed.FS
