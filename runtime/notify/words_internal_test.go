package notify

import (
	"strings"
	"testing"

	"github.com/formwork-run/formwork/engine"
)

// Every event that makes a notice has words in both languages, with nothing left to fill in.
func TestEveryEventHasWords(t *testing.T) {
	t.Parallel()
	events := []string{engine.EventTransferred, engine.EventCC, engine.EventUrged, engine.EventReturned, engine.EventApproved, engine.EventRejected,
		engine.EventWithdrawn, engine.EventTerminated, engine.EventCommented, engine.EventMentioned, engine.EventDelegated, engine.EventOpinion,
		engine.EventAdded, engine.EventTakenBack, engine.EventDueSoon, engine.EventOverdue, engine.EventEscalated, engine.EventWorkFailed,
		engine.EventSuspended, engine.EventResumedCase}
	for _, e := range events {
		for _, lang := range []string{"zh-CN", "en"} {
			got := words(lang, e, "Ann", "Order 7", "Legal")
			if got == "Order 7" || !strings.Contains(got, "Order 7") || strings.Contains(got, "{") {
				t.Errorf("%s in %s: %q", e, lang, got)
			}
		}
	}
	if got := words("en", engine.EventOverdue, "", "Order 7", ""); got != "“Order 7” is overdue at “Order 7”" {
		t.Errorf("without a node: %q", got)
	}
	if got := words("zh-CN", engine.EventReturned, "", "合同", ""); got != "系统 退回了“合同”" {
		t.Errorf("by nobody: %q", got)
	}
}
