// Package flow decides when a request is let through to a model server, how many
// are under way at once, and whether one that failed is sent again. All requests
// to one server with one key pass one Endpoint, whichever model they are for.
//
// It must not know how a request is sent: of a provider it sees the Runner, the
// Failure and, where the provider hands them over, the headers of its responses.
package flow
