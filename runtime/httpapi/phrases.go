package httpapi

import (
	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/httpkit"
)

type phrasesBody struct {
	Items []string `json:"items"`
}

// phrases gives the caller's own phrases and the common ones.
func (api *API) phrases(c *fiber.Ctx) error {
	k := of(c)
	own, err := k.Phrases.Own(c.UserContext(), k.actor.User)
	if err != nil {
		return err
	}
	return k.phrasesAnswer(own)
}

func (k call) phrasesAnswer(own []string) error {
	common, err := k.Phrases.Common(k.UserContext(), k.actor.Lang)
	if err != nil {
		return err
	}
	return k.JSON(fiber.Map{"items": own, "common": common})
}

func (api *API) putPhrases(c *fiber.Ctx) error {
	k := of(c)
	var in phrasesBody
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	own, err := k.Phrases.SetOwn(c.UserContext(), k.actor.User, in.Items)
	if err != nil {
		return err
	}
	return k.phrasesAnswer(own)
}

func (api *API) commonPhrases(c *fiber.Ctx) error {
	k := of(c)
	items, err := k.Phrases.Common(c.UserContext(), k.actor.Lang)
	if err != nil {
		return err
	}
	return c.JSON(phrasesBody{Items: items})
}

func (api *API) putCommonPhrases(c *fiber.Ctx) error {
	k := of(c)
	var in phrasesBody
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	items, err := k.Phrases.SetCommon(c.UserContext(), in.Items)
	if err != nil {
		return err
	}
	if err := k.note("phrases.changed", map[string]any{"count": int64(len(items))}); err != nil {
		return err
	}
	return c.JSON(phrasesBody{Items: items})
}
