package notify

import (
	"strings"

	"github.com/formwork-run/formwork/engine"
)

// templates are the words of notices by event and language: {by} is who did it,
// {title} what it is about, {node} the step. An event without a template shows
// only its title.
var templates = map[string][2]string{
	engine.EventTransferred: {"{by} 将“{title}”转交给您", "{by} handed “{title}” on to you"},
	engine.EventCC:          {"“{title}”抄送给您", "you were given a copy of “{title}”"},
	engine.EventUrged:       {"{by} 催您处理“{title}”", "{by} asks you to hurry with “{title}”"},
	engine.EventReturned:    {"{by} 退回了“{title}”", "{by} returned “{title}”"},
	engine.EventApproved:    {"“{title}”已通过", "“{title}” was approved"},
	engine.EventRejected:    {"{by} 拒绝了“{title}”", "{by} rejected “{title}”"},
	engine.EventWithdrawn:   {"{by} 撤回了“{title}”", "{by} withdrew “{title}”"},
	engine.EventTerminated:  {"{by} 终止了“{title}”", "{by} ended “{title}”"},
	engine.EventCommented:   {"{by} 评论了“{title}”", "{by} commented on “{title}”"},
	engine.EventMentioned:   {"{by} 在“{title}”中提到了您", "{by} mentioned you in “{title}”"},
	engine.EventDelegated:   {"{by} 就“{title}”征求您的意见", "{by} asks for your opinion on “{title}”"},
	engine.EventOpinion:     {"{by} 对“{title}”给出了意见", "{by} gave an opinion on “{title}”"},
	engine.EventAdded:       {"{by} 请您加签“{title}”", "{by} added you as a signer of “{title}”"},
	engine.EventTakenBack:   {"{by} 收回了对“{title}”的处理", "{by} took the decision on “{title}” back"},
	engine.EventDueSoon:     {"“{title}”的“{node}”即将到期", "“{title}” is due soon at “{node}”"},
	engine.EventOverdue:     {"“{title}”的“{node}”已超时", "“{title}” is overdue at “{node}”"},
	engine.EventEscalated:   {"“{title}”的“{node}”超时未处理，请您关注", "“{title}” is overdue at “{node}”; please look after it"},
	engine.EventWorkFailed:  {"“{title}”的“{node}”执行失败，请处理", "“{node}” of “{title}” failed; please look after it"},
	engine.EventSuspended:   {"{by} 暂停了“{title}”", "{by} suspended “{title}”"},
	engine.EventResumedCase: {"{by} 恢复了“{title}”", "{by} resumed “{title}”"},
}

// automatic stands for whoever did what nobody did.
var automatic = [2]string{"系统", "The system"}

// words make the text of a notice.
func words(lang, event, by, title, node string) string {
	i := 0
	if lang == "en" {
		i = 1
	}
	if by == "" {
		by = automatic[i]
	}
	t, ok := templates[event]
	if !ok {
		return title
	}
	if node == "" {
		node = title
	}
	return strings.NewReplacer("{by}", by, "{title}", title, "{node}", node).Replace(t[i])
}
