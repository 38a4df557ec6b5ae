package engine_test

import "testing"

func refusalCodes(testing.TB) []string { return engineCodes }

var engineCodes = []string{"task.not_open", "case.ended", "comment.required", "action.not_allowed"}
