// Embeds a file of the host.
package main

import _ "embed"

//go:embed {secretfile}
var secret string

func main() { println(secret) }
