package httpapi

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/httpkit"
	"github.com/formwork-run/formwork/web"
)

// pageCSP lets a page run our own scripts only. Styles are inline in the
// component libraries, and images may be made in the page.
const pageCSP = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
	"connect-src 'self'; font-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"

// boot is what is inlined into the page, to spare the first round trips.
type boot struct {
	Lang string `json:"lang"`
	Me   *Me    `json:"me,omitempty"`
	Demo bool   `json:"demo,omitempty"`
}

// MountWeb serves the browser side: its files, and the page for every address
// that is none of the API's. It comes last.
func (api *API) MountWeb(app *fiber.App, assets *web.Assets, demo bool) {
	app.Get("/a/*", func(c *fiber.Ctx) error {
		f, current, ok := assets.Lookup(c.Path())
		if !ok {
			return fiber.ErrNotFound
		}
		if current {
			c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
		} else {
			c.Set(fiber.HeaderCacheControl, "no-store") // an old page asks: it gets the present file, uncached
		}
		return sendFile(c, f)
	})
	app.Get("/*", func(c *fiber.Ctx) error {
		if strings.HasPrefix(c.Path(), "/api/") {
			return fiber.ErrNotFound
		}
		if f, ok := assets.File(strings.TrimPrefix(c.Path(), "/")); ok {
			return sendFile(c, f)
		}
		html, err := assets.Index(api.boot(c, demo))
		if err != nil {
			return err
		}
		c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
		c.Set(fiber.HeaderCacheControl, "no-store")
		c.Set(fiber.HeaderContentSecurityPolicy, pageCSP)
		return c.Send(html)
	})
}

func sendFile(c *fiber.Ctx, f *web.File) error {
	c.Set(fiber.HeaderETag, f.ETag)
	c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	c.Set(fiber.HeaderContentType, f.Type)
	if c.Get(fiber.HeaderIfNoneMatch) == f.ETag {
		return c.SendStatus(fiber.StatusNotModified)
	}
	body, enc := f.Body(c.Get(fiber.HeaderAcceptEncoding))
	if enc != web.Plain {
		c.Set(fiber.HeaderContentEncoding, string(enc))
	}
	return c.Send(body)
}

// boot tells the page who is logged in, if anybody is.
func (api *API) boot(c *fiber.Ctx, demo bool) boot {
	out := boot{Lang: httpkit.Lang(c), Demo: demo}
	k, err := api.caller(c)
	if err != nil {
		return out // nobody, or not any more: the page asks for a login
	}
	me := meOf(k)
	out.Me, out.Lang = &me, me.Lang
	return out
}
