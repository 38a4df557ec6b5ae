package flow

import (
	"strconv"
	"strings"

	"github.com/formwork-run/formwork/internal/fault"
)

// ParseTask splits a task id, "app.form.record.n".
func ParseTask(id string) (ref, rec string, n int, err error) {
	parts := strings.Split(id, ".")
	if len(parts) == 4 {
		if n, err = strconv.Atoi(parts[3]); err == nil && n > 0 {
			return parts[0] + "." + parts[1], parts[2], n, nil
		}
	}
	return "", "", 0, fault.New(fault.NotFound, "task.not_found", "there is no such task")
}

// ParseCase splits a case id, "app.form.record".
func ParseCase(id string) (ref, rec string, err error) {
	parts := strings.Split(id, ".")
	if len(parts) == 3 {
		return parts[0] + "." + parts[1], parts[2], nil
	}
	return "", "", fault.New(fault.NotFound, "case.not_found", "there is no such case")
}
