package flow

import "github.com/formwork-run/formwork/engine"

// reasons say in words why something was decided without the person, by language.
var reasons = map[string][2]string{
	engine.ReasonEmpty:     {"没有找到处理人", "nobody was found"},
	engine.ReasonSelf:      {"处理人是发起人本人，自动跳过", "he started it himself, so he is passed"},
	engine.ReasonManager:   {"处理人是发起人本人，改由其上级处理", "asked in place of the initiator, whose manager he is"},
	engine.ReasonDedupe:    {"之前已经同意过，自动通过", "has agreed before, so he is passed"},
	engine.ReasonDecided:   {"已由他人处理", "somebody else decided first"},
	engine.ReasonReturned:  {"流程已退回", "the case was returned"},
	engine.ReasonRejected:  {"流程已被拒绝", "the case was rejected"},
	engine.ReasonWithdrawn: {"发起人已撤回", "the initiator withdrew the case"},
	engine.ReasonEnded:     {"管理员已终止流程", "an administrator ended the case"},
	engine.ReasonBack:      {"再次交回处理", "asked again"},
	engine.ReasonAdmin:     {"由管理员代为处理", "decided by an administrator in his place"},
	engine.ReasonDelegated: {"按委托代理处理", "stands in by a delegation"},
	engine.ReasonLeaver:    {"原处理人已离职", "the former assignee has left"},
	engine.ReasonDeadline:  {"超过时限，自动处理", "the deadline has passed"},
	engine.ReasonAdded:     {"被加签", "added as a signer"},
	engine.ReasonRemoved:   {"已被减签", "removed again as a signer"},
	engine.ReasonTakenBack: {"上一步已收回", "the decision before was taken back"},
	engine.ReasonJump:      {"管理员移动了流程", "an administrator moved the case"},
	engine.ReasonMigrated:  {"流程已迁移到新版本", "the case moved to another version"},
	engine.ReasonOutvoted:  {"票数已定，无需再表决", "the vote was decided without him"},
	engine.ReasonChosen:    {"处理人待选择", "somebody still has to choose"},
}

// reasonText gives the words of a reason, "" for one without words.
func reasonText(lang, code string) string { w := reasons[code]; return in(lang, w) }

func in(lang string, w [2]string) string {
	if lang == "en" {
		return w[1]
	}
	return w[0]
}
