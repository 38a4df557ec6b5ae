// Package engine executes approval flows as a pure function:
//
//	Apply(flow, case, command) → (case, effects)
//
// Same inputs, same outputs, byte for byte. It does no I/O, reads no clock,
// makes no random id and starts no goroutine. What it cannot know, it asks for
// by Needs; what it wants done, it says by Effects. docs/flow.md tells what
// each action does in each state and which codes refuse it.
package engine
