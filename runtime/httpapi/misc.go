package httpapi

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/internal/httpkit"
	"github.com/formwork-run/formwork/runtime/draft"
)

func (api *API) getDraft(c *fiber.Ctx) error {
	k := of(c)
	d, err := k.Drafts.Get(c.UserContext(), k.actor, k.param("form"), k.param("id"))
	if fault.Is(err, "draft.not_found") {
		return c.SendStatus(fiber.StatusNoContent) // having none is the usual case, not an error
	}
	if err != nil {
		return err
	}
	return c.JSON(d)
}

func (api *API) putDraft(c *fiber.Ctx) error {
	k := of(c)
	var in draft.Draft
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	d, err := k.Drafts.Put(c.UserContext(), k.actor, k.param("form"), k.param("id"), in)
	if err != nil {
		return err
	}
	return c.JSON(fiber.Map{"at": d.At})
}

func (api *API) deleteDraft(c *fiber.Ctx) error {
	k := of(c)
	if err := k.Drafts.Delete(c.UserContext(), k.actor, k.param("form"), k.param("id")); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

func (api *API) beginFile(c *fiber.Ctx) error {
	k := of(c)
	var in struct {
		Name string `json:"name"`
		Size int64  `json:"size"`
		Type string `json:"type"` // not trusted: the content decides
	}
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	f, err := k.Files.Begin(c.UserContext(), k.actor, in.Name, in.Size)
	if err != nil {
		return err
	}
	return c.Status(fiber.StatusCreated).JSON(f)
}

func (api *API) putPart(c *fiber.Ctx) error {
	k := of(c)
	n, err := strconv.Atoi(k.param("n"))
	if err != nil {
		return fault.New(fault.Malformed, "file.part", "a part number is a whole number")
	}
	if err := k.Files.Part(c.UserContext(), k.actor, k.param("id"), n, c.Body()); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

func (api *API) completeFile(c *fiber.Ctx) error {
	k := of(c)
	f, err := k.Files.Complete(c.UserContext(), k.actor, k.param("id"))
	if err != nil {
		return err
	}
	return c.JSON(f)
}

// inline are the types that a browser may show from our origin; all others are downloads.
var inline = map[string]bool{"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true, "application/pdf": true}

func (api *API) getFile(c *fiber.Ctx) error {
	k := of(c)
	f, r, err := k.Files.Open(c.UserContext(), k.actor, k.param("id"), 0, -1)
	if err != nil {
		return err
	}
	from, to, partial, err := byteRange(c.Get(fiber.HeaderRange), f.Size)
	if err != nil {
		_ = r.Close() // only read from
		c.Set(fiber.HeaderContentRange, fmt.Sprintf("bytes */%d", f.Size))
		return err
	}
	if partial {
		if err := r.Close(); err != nil {
			return err
		}
		if _, r, err = k.Files.Open(c.UserContext(), k.actor, k.param("id"), from, to-from); err != nil {
			return err
		}
		c.Status(fiber.StatusPartialContent).Set(fiber.HeaderContentRange, fmt.Sprintf("bytes %d-%d/%d", from, to-1, f.Size))
	}
	disposition := "attachment"
	if inline[f.Type] {
		disposition = "inline"
	}
	c.Set(fiber.HeaderContentType, f.Type)
	c.Set(fiber.HeaderAcceptRanges, "bytes")
	c.Set(fiber.HeaderCacheControl, "private, max-age=3600")
	c.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	c.Set(fiber.HeaderContentDisposition, disposition+"; filename*=UTF-8''"+url.PathEscape(f.Name))
	return c.SendStream(r, int(to-from))
}

// byteRange reads a Range header of one range; from and to (exclusive) are the whole file without one.
func byteRange(header string, size int64) (from, to int64, partial bool, err error) {
	spec, ok := strings.CutPrefix(header, "bytes=")
	if !ok || strings.Contains(spec, ",") {
		return 0, size, false, nil
	}
	a, b, _ := strings.Cut(spec, "-")
	bad := fiber.ErrRequestedRangeNotSatisfiable
	switch {
	case a == "":
		n, perr := strconv.ParseInt(b, 10, 64)
		if perr != nil || n <= 0 {
			return 0, 0, false, bad
		}
		return max(0, size-n), size, true, nil
	default:
		if from, err = strconv.ParseInt(a, 10, 64); err != nil || from < 0 || from >= size {
			return 0, 0, false, bad
		}
		to = size
		if b != "" {
			last, perr := strconv.ParseInt(b, 10, 64)
			if perr != nil || last < from {
				return 0, 0, false, bad
			}
			to = min(size, last+1)
		}
		return from, to, true, nil
	}
}

func (api *API) notices(c *fiber.Ctx) error {
	k := of(c)
	items, next, names, err := k.Notices.List(c.UserContext(), k.actor, c.Query("cursor"))
	if err != nil {
		return err
	}
	return c.JSON(page{Items: items, Next: next, Display: names})
}

func (api *API) readNotices(c *fiber.Ctx) error {
	k := of(c)
	var in struct {
		Read []string `json:"read"`
		All  bool     `json:"all"`
	}
	if err := httpkit.Body(c, &in); err != nil {
		return err
	}
	if len(in.Read) > maxIDs {
		return fault.New(fault.Malformed, "notices.size", "at most 100 notices at once")
	}
	if in.All {
		if err := k.Notices.ReadAll(c.UserContext(), k.actor); err != nil {
			return err
		}
	}
	if err := k.Notices.Read(c.UserContext(), k.actor, in.Read); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// maxIDs bounds lists of ids in a body.
const maxIDs = 100

func (api *API) deadJobs(c *fiber.Ctx) error {
	k := of(c)
	items, next, err := k.Jobs.DeadJobs(c.UserContext(), c.Query("cursor"))
	if err != nil {
		return err
	}
	out := make([]fiber.Map, 0, len(items))
	for _, j := range items {
		out = append(out, fiber.Map{"id": j.ID, "kind": j.Kind, "at": j.At, "attempt": j.Attempt, "error": j.Error})
	}
	return c.JSON(page{Items: out, Next: next})
}

func (api *API) retryJob(c *fiber.Ctx) error {
	k := of(c)
	if err := k.Jobs.Retry(c.UserContext(), k.param("id")); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
